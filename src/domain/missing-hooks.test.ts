import { describe, expect, it } from 'vitest';
import { bo } from './fixtures/change.ts';
import { approvedLine, at, line, recordOf } from './fixtures/record.ts';
import { missesHooks } from './missing-hooks.ts';

const opened = line('open', '2026-09-20T08:00:00.000Z');
const approvedBy = [[bo, at('13:00:00')]] as const;

describe('a hook of an approval', () => {
  it('is missing where the listing shows the approval, and hooks told of everything since the opening', () => {
    expect(missesHooks(recordOf({ approvedBy, journal: [opened] }))).toBe(true);
  });

  it('is not missing where it came', () => {
    expect(missesHooks(recordOf({ approvedBy, journal: [opened, approvedLine(at('13:00:00'))] }))).toBe(false);
  });

  it('is not waited for where the journal began later, for then it may have come before', () => {
    expect(missesHooks(recordOf({ approvedBy, journal: [line('update', at('12:00:00'))] }))).toBe(false);
  });
});
