import { expect } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import type { VendorName } from '../../src/sandbox/http.ts';
import { effectsOf } from './effects.ts';
import type { OpenedMergeRequest } from './merge-requests.ts';
import { playTime, watchWaits, type PlayedTime, type Waits } from './played-time.ts';
import { startWorld, type World, type WorldOptions } from './service.ts';

export interface Spoiled {
  readonly vendor: VendorName;
  /** Part of the operation's name, as the call log shows it. */
  readonly operation: string;
  readonly kind: FaultKind;
}

/** What one change has to have left in the end. */
export const oneOfEach = { record: 1, rows: 1, messages: 1, state: 'completed', labels: ['audited'], attachments: 1 };

/** A world in which waits between tries are skipped. */
export interface FaultyWorld extends World {
  readonly time: PlayedTime;
  readonly waits: Waits;
  /** Waits until so many changes are done and none is open; returns the seconds that were skipped. */
  untilEnded(changes: number, patienceMs?: number): Promise<number>;
}

/** Starts one. Slack's limit is off: how many messages a channel takes is not what is tested. */
export async function startFaultyWorld(options: WorldOptions = {}): Promise<FaultyWorld> {
  const time = playTime();
  const switches = {
    ...options.sandbox?.switches,
    slack: { channelLimit: 'off', ...options.sandbox?.switches?.slack },
  } as const;
  const world = await startWorld({
    ...options,
    now: time.serviceClock,
    sandbox: { ...options.sandbox, switches, now: time.now },
  });
  const waits = await watchWaits(world.databaseUrl, time);
  return {
    ...world,
    time,
    waits,
    async untilEnded(changes, patienceMs = 60_000) {
      const isEnded = async (): Promise<boolean> => {
        const { changes: now } = await world.status();
        return now.done >= changes && now.open === 0;
      };
      return waits.skipUntil(isEnded, patienceMs);
    },
    async close() {
      await waits.close();
      await world.close();
    },
  };
}

/** What stands at the vendors and in the trail for one merge request. */
export async function allEffectsOf(world: World, mr: OpenedMergeRequest) {
  const report = await world.show(mr);
  const issue = world.sandbox.linear.issue(mr.issue!)!;
  return {
    record: report === undefined || report.record_sha256 === null ? 0 : 1,
    ...effectsOf(world, report?.record_id ?? 'none'),
    state: issue.state.type,
    labels: issue.labels.map(({ name }) => name),
    attachments: issue.attachments.length,
  };
}

/** Spoils the next call of each of these while `run` runs, and makes sure that each really was spoiled. */
export async function whileSpoiled<T>(
  { sandbox }: World,
  spoiled: readonly Spoiled[],
  run: () => Promise<T>,
): Promise<T> {
  const seen = sandbox.calls.at(-1)?.seq ?? 0;
  for (const one of spoiled) sandbox.faults.add(one);
  const result = await run();
  const taken = sandbox.calls.filter(({ seq, fault }) => seq > seen && fault !== undefined);
  expect(sandbox.faults.list()).toEqual([]);
  expect(taken.map(({ fault }) => fault)).toEqual(spoiled.map(({ kind }) => kind));
  return result;
}
