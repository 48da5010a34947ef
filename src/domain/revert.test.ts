import { describe, expect, it } from 'vitest';
import { revertedIid } from './revert.ts';

describe('a revert', () => {
  it.each([
    ['This reverts merge request !7', 7],
    ['Something broke.\n\nThis reverts merge request !12\n', 12],
    ['This reverts merge request ACME/payments!7', 7],
    ['This reverts merge request acme/identity!7', null],
    ['We should see whether this reverts merge request !7', null],
    ['This reverts merge request !7, I think', null],
    ['This reverts merge request !0', null],
    ['', null],
  ])('%j of acme/payments reverts %j', (description, iid) => {
    expect(revertedIid(description, 'acme/payments')).toBe(iid);
  });
});
