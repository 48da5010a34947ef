import type { Database } from '../storage/database.ts';
import { addGap, widenGap, type Gap, type MissedReason } from '../storage/gaps.ts';
import type { Log } from './run-stage.ts';

/** Remembers when deliveries were turned away, so that it can be made good. */
export interface Missed {
  /** Notes that from then until now something authentic was, or may have been, turned away. */
  readonly note: (from: Date, reason: MissedReason) => void;
  /** Writes what is not written yet; what cannot be written is tried again. */
  readonly flush: () => Promise<void>;
  /** Writes the rest, and tries no more. */
  readonly close: () => Promise<void>;
  /** Spans that are held in memory. */
  readonly held: () => number;
}

export interface MissedParts {
  readonly database: Pick<Database, 'db'>;
  readonly now: () => Date;
  readonly log: Log;
  /** Between two tries to write. */
  readonly pauseMs?: number;
}

interface Span {
  gap: Gap;
  /** The row it stands in, once it does. */
  id: number | null;
  isWritten: boolean;
}

// Refusals closer to each other are one span: one row for an outage, not one for each delivery.
const joinsWithinMs = 60_000;
// Beyond this many that could not be written yet, the newest is widened.
const mostSpans = 100;

/**
 * Keeps spans of refusals in memory, because the database may be what is away, and writes them as soon as it answers.
 */
export function createMissed({ database, now, log, pauseMs = 1000 }: MissedParts): Missed {
  let spans: Span[] = [];
  let writing = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function note(from: Date, reason: MissedReason): void {
    const gap = { from, to: now(), reason };
    const last = spans.findLast((span) => span.gap.reason === reason);
    const joins = last !== undefined && from.getTime() - last.gap.to.getTime() <= joinsWithinMs;
    if (last !== undefined && (joins || spans.length >= mostSpans)) {
      last.gap = { from: earlier(last.gap.from, from), to: gap.to, reason };
      last.isWritten = false;
    } else {
      // What is written and will not be widened any more has its row.
      spans = spans.filter((span) => !span.isWritten || span.gap.reason !== reason);
      spans.push({ gap, id: null, isWritten: false });
    }
    later(0);
  }

  function later(ms: number): void {
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void flush().catch(() => later(pauseMs));
    }, ms);
  }

  function flush(): Promise<void> {
    writing = writing.catch(() => undefined).then(writeAll);
    return writing;
  }

  async function writeAll(): Promise<void> {
    for (const span of spans.filter(({ isWritten }) => !isWritten)) {
      const { gap } = span;
      const widened = span.id !== null && (await widenGap(database.db, span.id, gap));
      if (!widened) span.id = await addGap(database.db, gap);
      // It may have grown meanwhile.
      span.isWritten = span.gap === gap;
    }
    if (spans.some(({ isWritten }) => !isWritten)) later(pauseMs);
  }

  return {
    note,
    flush,
    held: () => spans.length,
    async close() {
      closed = true;
      clearTimeout(timer);
      await flush().catch((error: unknown) => {
        const lost = spans.filter(({ isWritten }) => !isWritten).map(({ gap }) => gap);
        log.error({ err: error, gaps: lost }, 'Spans in which deliveries were turned away could not be kept');
      });
    },
  };
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
