import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { confluenceSwitches } from '../../src/sandbox/confluence/switches.ts';
import { gitlabSwitches } from '../../src/sandbox/gitlab/switches.ts';
import { linearSwitches } from '../../src/sandbox/linear/switches.ts';
import { slackSwitches } from '../../src/sandbox/slack/switches.ts';
import { effectsOf } from '../support/effects.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import { startWorld, type World } from '../support/service.ts';

// What the vendors do not document is a switch of the sandbox. Whichever way it stands, one merge leaves one of each.
const vendors = {
  gitlab: gitlabSwitches,
  linear: linearSwitches,
  confluence: confluenceSwitches,
  slack: slackSwitches,
} as const;

/** Numbers have no other way; these are worth a try. */
const numbers: Readonly<Record<string, number>> = {
  missesAfterCreate: 2,
  conflictsAfterCreate: 2,
  historyDelayMs: 300,
  versionMessageLimit: 255,
};

/** With these nothing is sent, or too little to go on with: that is what they are for. */
const unusable = new Set(['silentMode', 'deliveriesPerMinute', 'requestsPerMinute', 'requestsPerHour', 'signInPage']);

const cases = Object.entries(vendors).flatMap(([vendor, switches]) =>
  Object.entries(switches as Record<string, { usual: unknown; values?: readonly unknown[] }>)
    .filter(([name]) => !unusable.has(name))
    .flatMap(([name, { usual, values }]) => {
      const known = values ?? (typeof usual === 'boolean' ? [true, false] : [numbers[name] ?? usual]);
      return known.filter((value) => value !== usual).map((value) => [vendor, name, value, usual] as const);
    }),
);

describe('a merge goes all the way', () => {
  let world: World;
  let count = 0;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  test.each(cases)('where %s has %s set to %j', { timeout: 60_000 }, async (vendor, name, value, usual) => {
    const { switches } = world.sandbox[vendor as keyof typeof vendors];
    Object.assign(switches, { [name]: value });
    try {
      const mr = openMergeRequest(world, { pod: count % 10 });
      world.merge(mr);
      count++;
      const status = await world.untilDone(count, 50_000);
      expect(status.attention).toEqual([]);
      expect(effectsOf(world, (await world.show(mr))!.record_id)).toEqual({ rows: 1, messages: 1 });
      expect(world.sandbox.linear.issue(mr.issue!)?.state.type).toBe('completed');
    } finally {
      Object.assign(switches, { [name]: usual });
    }
  });
});
