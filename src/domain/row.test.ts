import { expect, test } from 'vitest';
import { evidence, mergeEvent, ticket } from './fixtures/change.ts';
import { confirmationOf, digestOf } from './message.ts';
import { reviewOf } from './review.ts';
import { rowOf, utcMinute } from './row.ts';
import type { Inline } from './text.ts';

const textOf = (lines: readonly (readonly Inline[])[]): string[] =>
  lines.map((line) => line.map(({ text }) => text).join(''));

const review = reviewOf(mergeEvent, evidence, ticket);

test('a row says what was merged, who reviewed it, its labels, when, and by which record', () => {
  const row = rowOf(review, 'SEC-0123456789abcdef');
  expect(row.cells.map(({ heading, lines }) => [heading, ...textOf(lines)])).toEqual([
    ['Merge request', 'acme/payments!7', 'Harden token check'],
    ['Reviewers', 'Bo Chen (bchen): approved 2026-09-21 13:59 UTC'],
    ['Labels', 'security::high', 'backend'],
    ['Merged', '2026-09-21 14:13 UTC', 'by Mira Lund (mlund)'],
    ['Issue', 'SEC-123'],
    ['Record', 'SEC-0123456789abcdef'],
  ]);
});

test('nobody, and not readable, are two different things', () => {
  const nobody = {
    ...evidence,
    approvals: { ...evidence.approvals, value: { approved: true, approvalsRequired: 0, approvedBy: [] } },
  };
  const empty = reviewOf(
    mergeEvent,
    { ...nobody, reviewers: { ...evidence.reviewers, value: [] } } as typeof evidence,
    ticket,
  );
  expect(textOf(rowOf(empty, 'x').cells[1]!.lines)).toEqual(['nobody']);
  const refused = { ok: false, code: 'forbidden', status: 403 } as const;
  const unread = reviewOf(mergeEvent, { ...evidence, approvals: refused, reviewers: refused }, ticket);
  expect(textOf(rowOf(unread, 'x').cells[1]!.lines)).toEqual(['could not be read from GitLab']);
});

test('without approved_at the system note says when somebody approved', () => {
  const { approvals, notes } = evidence;
  if (!approvals.ok || !notes.ok) throw new Error('the fixture is readable');
  const user = approvals.value.approvedBy[0]!.user;
  const old = {
    ...evidence,
    approvals: { ...approvals, value: { ...approvals.value, approvedBy: [{ user, approvedAt: null }] } },
    notes: {
      ...notes,
      value: {
        byPeople: 0,
        system: [{ id: 1, body: 'approved this merge request', author: user, createdAt: '2026-09-21T13:00:00.000Z' }],
      },
    },
  };
  expect(reviewOf(mergeEvent, old, ticket).reviewers?.[0]?.approvedAt).toBe('2026-09-21T13:00:00.000Z');
});

test('a confirmation names the change, its approvers, the issue and the row', () => {
  const confirmed = {
    recordId: 'SEC-1',
    review,
    rowUrl: 'https://x.example/row',
    issue: { identifier: 'SEC-123', url: 'https://l' },
  };
  expect(textOf(confirmationOf(confirmed).lines)).toEqual([
    'Security review recorded: acme/payments!7 Harden token check · approved by Bo Chen (bchen) · SEC-123 closed · SEC-1',
  ]);
  expect(textOf(digestOf('d', [confirmed, confirmed]).lines).length).toBe(3);
});

test('a confirmation says what is missing', () => {
  const lines = textOf(confirmationOf({ recordId: 'SEC-1', review, rowUrl: null, issue: null }).lines);
  expect(lines[0]).toContain('no issue closed');
  expect(lines[0]).toContain('no row written');
});

test('times are shown to the minute, in UTC', () => {
  expect(utcMinute('2026-09-21T14:13:25.120Z')).toBe('2026-09-21 14:13 UTC');
});

test('a row stays small, however many labels and reviewers there are', () => {
  const many = Array.from({ length: 100_000 }, (_, index) => `security::${index}`);
  const [account] = review.reviewers ?? [];
  const row = rowOf({ ...review, labels: many, reviewers: many.map(() => account!) }, 'x');
  expect(textOf(row.cells[2]!.lines)).toEqual([...many.slice(0, 50), 'and 99950 more, see the record']);
  expect(row.cells[1]!.lines).toHaveLength(51);
});
