import type { Database } from '../storage/database.ts';
import { addGap, readLives, removeGap, writeLives, type NodeLife } from '../storage/gaps.ts';

/** Says now and then that this node is at the front door, so that a time when no node was there is known as a gap. */
export interface DoorLife {
  /** Says so again; the first time, notes the gap since any node last did. */
  readonly tell: () => Promise<void>;
  /** Says so for the last time. */
  readonly leave: () => Promise<void>;
}

export interface DoorLifeParts {
  readonly database: Pick<Database, 'transaction'>;
  readonly now: () => Date;
  /** One for each run of a process. */
  readonly node: string;
}

/** A gap in which another node may have been there. */
interface Doubted {
  readonly id: number;
  readonly from: Date;
  readonly to: Date;
}

const forgetAfterMs = 24 * 3600 * 1000;

/**
 * A node that starts cannot tell whether one that was heard of half a minute ago still runs. So it notes the gap, and
 * takes it back once the other has been heard of again: a gap too many is looked into, a gap too few is a merge missed.
 */
export function createDoorLife({ database, now, node }: DoorLifeParts): DoorLife {
  let since: Date | undefined;
  let doubted: Doubted | undefined;

  async function tell(): Promise<void> {
    // What is remembered changes with the commit, and not without it.
    const next = await database.transaction(async (trx) => {
      const at = now();
      const lives = await readLives(trx);
      const others = Object.entries(lives).filter(([id]) => id !== node);
      const known = others.map(([, life]) => life);
      let still = doubted;
      if (since === undefined) {
        const last = latestOf(known);
        const gap = last !== undefined && last < at ? { from: last, to: at } : undefined;
        if (gap !== undefined) still = { id: await addGap(trx, { ...gap, reason: 'not_running' }), ...gap };
      } else if (doubted !== undefined && isCovered(doubted, known)) {
        await removeGap(trx, doubted.id);
        still = undefined;
      }
      const own = { since: (since ?? at).toISOString(), alive: at.toISOString() };
      const kept = others.filter(([, { alive }]) => at.getTime() - Date.parse(alive) < forgetAfterMs);
      await writeLives(trx, { ...Object.fromEntries(kept), [node]: own }, at);
      return { since: since ?? at, doubted: still };
    });
    ({ since, doubted } = next);
  }

  return {
    tell,
    leave: async () => {
      // Whoever never said that it came need not say that it goes.
      if (since !== undefined) await tell();
    },
  };
}

function latestOf(lives: readonly NodeLife[]): Date | undefined {
  const times = lives.map(({ alive }) => Date.parse(alive));
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

function isCovered({ from, to }: Doubted, lives: readonly NodeLife[]): boolean {
  return lives.some((life) => Date.parse(life.since) <= from.getTime() && Date.parse(life.alive) >= to.getTime());
}
