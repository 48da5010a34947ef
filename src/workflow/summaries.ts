import type { Kysely } from 'kysely';
import type { SummaryReader } from '../connectors/gitlab/summary-material.ts';
import type { Summarised, Summariser } from '../connectors/summariser/client.ts';
import type { ChangeKey } from '../domain/change.ts';
import { isBlank } from '../domain/summary-material.ts';
import type { Summary } from '../domain/summary.ts';
import { keepSummary, readSummaries } from '../storage/summaries.ts';
import type { Tables } from '../storage/tables.ts';
import type { Log } from './run-stage.ts';

export interface SummaryParts {
  readonly summariser: Summariser;
  readonly gitlab: SummaryReader;
  /** For one summary, reading the merge request included. A batch takes no longer than twice that. */
  readonly timeoutMs: number;
  readonly now: () => Date;
  readonly log: Pick<Log, 'warn'>;
}

/** A change, as far as it has to be known here. */
export interface Summarisable {
  readonly id: number;
  readonly key: Pick<ChangeKey, 'projectId' | 'iid'>;
}

export interface Summaries {
  /**
   * The summaries of these changes: those that are kept, and those that a model writes now. A change is asked about once,
   * whatever comes of it. Never throws, and never waits longer than it may: what is not there in time goes without.
   */
  of(db: Kysely<Tables>, changes: readonly Summarisable[]): Promise<Map<number, Summary>>;
  /** What a model would write about one change. Nothing is read from the database, and nothing kept. */
  preview(key: Summarisable['key']): Promise<Summarised & { readonly model: string }>;
}

const atOnce = 4;

/** Has changes summarised, beside the flow: nothing that happens here reaches record, verdict or outcome. */
export function createSummaries(parts: SummaryParts): Summaries {
  return {
    async of(db, changes) {
      const summaries = new Map<number, Summary>();
      const end = parts.now().getTime() + 2 * parts.timeoutMs;
      try {
        const kept = await readSummaries(db, idsOf(changes));
        const waiting = changes.filter(({ id }) => !kept.has(id));
        const next = async (): Promise<void> => {
          for (let change = waiting.shift(); change !== undefined; change = waiting.shift()) {
            const left = end - parts.now().getTime();
            // Less than this is no time for an answer, and the money would be spent all the same.
            const result = left < parts.timeoutMs / 4 ? without('late') : await ask(parts, change.key, left);
            await keep(parts, db, change.id, result);
          }
        };
        await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, next));
        // As it is kept, which another node may have done first.
        for (const [id, summary] of await readSummaries(db, idsOf(changes))) {
          if (summary !== null) summaries.set(id, summary);
        }
      } catch (error) {
        parts.log.warn({ err: error }, 'Summaries could not be kept or read');
      }
      return summaries;
    },

    async preview(key) {
      return { model: parts.summariser.model, ...(await ask(parts, key, parts.timeoutMs)) };
    },
  };
}

// One time for both: what GitLab takes is not there for the model.
async function ask(parts: SummaryParts, { projectId, iid }: Summarisable['key'], leftMs: number): Promise<Summarised> {
  const { summariser, gitlab, now } = parts;
  const whole = Math.min(leftMs, parts.timeoutMs);
  // Their own time-outs say more than ours, so they are given the first word.
  const ms = Math.ceil(whole * 0.95);
  const began = now().getTime();
  try {
    return await inTime(whole, async () => {
      const material = await gitlab.readMaterial({ projectId, iid }, ms);
      if (isBlank(material)) return without('no_material', now().getTime() - began);
      const left = ms - (now().getTime() - began);
      return left <= 0 ? without('timeout', ms) : await summariser.summarise(material, left);
    });
  } catch (error) {
    // Not the change's fault, nor that of whoever waits for it: a summary is no reason to stop.
    parts.log.warn({ err: error, projectId, iid }, 'A summary could not be asked for');
    return without('crashed', now().getTime() - began);
  }
}

// Both keep to their time by themselves. This is for what neither measures, such as a package that takes long to load.
async function inTime(ms: number, work: () => Promise<Summarised>): Promise<Summarised> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Summarised>((resolve) => {
    timer = setTimeout(() => resolve(without('timeout', ms)), ms);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

// One that cannot be kept is one that is not there; the others are.
async function keep(parts: SummaryParts, db: Kysely<Tables>, changeId: number, result: Summarised): Promise<void> {
  const { model, promptSha256 } = parts.summariser;
  try {
    await keepSummary(db, { changeId, model, promptSha256, ...result, ms: Math.round(result.ms) }, parts.now());
  } catch (error) {
    parts.log.warn({ err: error, changeId }, 'A summary could not be kept');
  }
}

function without(reason: NonNullable<Summarised['reason']>, ms = 0): Summarised {
  return { text: null, reason, detail: null, inputTokens: null, outputTokens: null, cost: null, ms };
}

function idsOf(changes: readonly Summarisable[]): number[] {
  return changes.map(({ id }) => id);
}
