import { expect, test } from 'vitest';
import { answerOf, strayReasons, type Case } from '../fixtures/judging.ts';
import { ana, bo } from '../fixtures/change.ts';
import { approvedLine, at, carried, line, read, unread } from '../fixtures/record.ts';
import { notAuthorAlone } from './not-author-alone.ts';

const cases: readonly Case[] = [
  ['the author did not approve', {}, 'pass author_did_not_approve'],
  ['nobody approved', { approvedBy: [] }, 'pass author_did_not_approve'],
  [
    'the author approved beside somebody else',
    {
      approvedBy: [
        [ana, at('13:00:00')],
        [bo, at('13:10:00')],
      ],
    },
    'pass author_not_counted',
  ],
  ['the author is the only one who approved', { approvedBy: [[ana, at('13:00:00')]] }, 'fail author_alone'],
  [
    'somebody else approved only after the merge',
    {
      approvedBy: [
        [ana, at('13:00:00')],
        [bo, at('15:00:00')],
      ],
    },
    'fail author_alone',
  ],
  [
    'somebody else withdrew before the merge',
    {
      approvedBy: [[ana, at('13:00:00')]],
      journal: [approvedLine(at('13:00:00')), line('unapproved', at('13:10:00'), { userId: bo.id })],
    },
    'fail author_alone',
  ],
  [
    'somebody else’s approval is gone, and nothing says since when',
    { approvedBy: [[ana, at('13:00:00')]], journal: [approvedLine(at('13:00:00'))] },
    'undetermined approval_missing_afterwards',
  ],
  [
    'the author is gone from GitLab, and no hook names them',
    { mergeRequest: { author: { ...ana, username: 'ghost' } }, event: { authorId: null }, journal: [] },
    'undetermined author_unknown',
  ],
  [
    'the author is gone from GitLab, and the hook knew them',
    { mergeRequest: { author: { ...ana, id: 99, username: 'ghost1' } }, approvedBy: [[ana, at('13:00:00')]] },
    'fail author_alone',
  ],
  [
    'another merge request carried the commits',
    { evidence: { stateEvents: read([carried]) } },
    'undetermined carried_by_another_merge_request',
  ],
  ['the approvals could not be read', { evidence: { approvals: unread('lost') } }, 'undetermined approvals_lost'],
  [
    'the policy exempts the bot that wrote it',
    { approvedBy: [[ana, at('13:00:00')]], policy: { exemptions: [{ bot: 'aruiz', projects: ['*'] }] } },
    'not_applicable exempt_bot',
  ],
];

test.each(cases)('%s', (_, given, answer) => {
  expect(answerOf(notAuthorAlone, given)).toBe(answer);
});

test('each of its reasons is given by a case, and has a sentence', () => {
  expect(strayReasons(notAuthorAlone, cases)).toEqual([]);
});
