import { expect, test } from 'vitest';
import type { LabelEvent } from './evidence.ts';
import { ana } from './fixtures/change.ts';
import { at, mergedAt, read, recordOf, unread, type RecordChanges } from './fixtures/record.ts';
import { scopeAtMerge } from './scope-at-merge.ts';

const policy = { labels: ['security::*'], projectLabels: [] };
const reconciled = { action: 'reconciled', labels: [], labelIds: [] };
const unlabelled = { labels: ['backend'], labelIds: [] };

function label(action: 'add' | 'remove', createdAt: string, name: string | null = 'security::high'): LabelEvent {
  const id = Date.parse(createdAt) + (action === 'add' ? 0 : 1);
  return { id, action, label: name === null ? null : { id: 71, name }, user: ana, createdAt };
}

function scope(events: readonly LabelEvent[], changes: RecordChanges = {}): string {
  const record = recordOf({ ...changes, evidence: { labelEvents: read(events), ...changes.evidence } });
  const { is, why } = scopeAtMerge(record, policy, mergedAt);
  return `${is} ${why}`;
}

test('event and history agree that it was in scope', () => {
  expect(scope([label('add', at('09:00:00'))])).toBe('yes plain');
});

test('a label that was taken off before the merge leaves it out of scope', () => {
  const events = [label('add', at('09:00:00')), label('remove', at('10:00:00'))];
  expect(scope(events, { event: unlabelled })).toBe('no no_scope_label');
  expect(scope(events, { event: reconciled })).toBe('no no_scope_label');
});

test('a label that was put on after the merge leaves it out of scope', () => {
  expect(scope([label('add', at('15:00:00'))], { event: unlabelled })).toBe('no no_scope_label');
});

test('a label that was put on again counts from then on', () => {
  const events = [label('add', at('09:00:00')), label('remove', at('10:00:00')), label('add', at('11:00:00'))];
  expect(scope(events, { event: reconciled })).toBe('yes plain');
});

test('a label that was renamed since is matched by its id, which the event told', () => {
  const renamed = [label('add', at('09:00:00'), 'retired')];
  expect(scope(renamed, { mergeRequest: { labels: ['retired'] } })).toBe('yes plain');
  expect(scope(renamed, { event: reconciled })).toBe('no no_scope_label');
});

test('the history decides against the event only where it says something', () => {
  expect(scope([label('add', at('09:00:00')), label('remove', at('10:00:00'))])).toBe('unknown labels_disagree');
  expect(scope([label('add', at('09:00:00'))], { event: unlabelled })).toBe('unknown labels_disagree');
});

test('labels that came with an import have no history: then event and merge request are enough', () => {
  expect(scope([])).toBe('yes plain');
  expect(scope([], { mergeRequest: { labels: ['backend'] } })).toBe('unknown labels_disagree');
});

test('in the instant of the merge only the event can tell', () => {
  expect(scope([label('add', at('14:13:24'))])).toBe('yes plain');
  expect(scope([label('add', at('14:13:24'))], { event: reconciled })).toBe('unknown label_at_the_merge');
  expect(scope([label('add', at('14:13:24'))], { event: unlabelled })).toBe('unknown label_at_the_merge');
});

test('a deleted label leaves open what it was, unless another one decides', () => {
  const deleted = label('add', at('09:00:00'), null);
  expect(scope([deleted], { event: reconciled })).toBe('unknown label_deleted');
  expect(scope([deleted])).toBe('unknown label_deleted');
  expect(scope([deleted, label('add', at('10:00:00'))])).toBe('yes plain');
});

test('what was not read, and a merge at no known time, are unknown', () => {
  expect(scope([], { evidence: { labelEvents: unread('forbidden') } })).toBe('unknown label_events_forbidden');
  expect(scopeAtMerge(recordOf(), policy, null).why).toBe('merge_time_unknown');
});

test('a project with labels of its own is in scope by them, and by no others', () => {
  const own = { labels: ['security::*'], projectLabels: [{ path: 'Acme/Payments', labels: ['audit'] }] };
  const events = read([label('add', at('09:00:00'), 'audit')]);
  const audited = recordOf({ event: { labels: ['audit'], labelIds: [] }, evidence: { labelEvents: events } });
  expect(scopeAtMerge(audited, own, mergedAt)).toMatchObject({ is: 'yes' });
  expect(scopeAtMerge(audited, policy, mergedAt)).toMatchObject({ is: 'no' });
});
