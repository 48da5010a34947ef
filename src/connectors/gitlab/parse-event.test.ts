import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MergeRequestEvent } from '../../domain/event.ts';
import { changeEventKey, parseEvent } from './webhook.ts';

type Json = Record<string, unknown>;

function bodyOf(name: string): { [key: string]: unknown; object_attributes: Json } {
  return JSON.parse(readFileSync(new URL(`fixtures/webhooks/${name}.json`, import.meta.url), 'utf8'));
}

function parse(body: unknown) {
  return parseEvent(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
}

function eventIn(body: unknown): MergeRequestEvent {
  const parsed = parse(body);
  if (parsed.kind !== 'merge_request') throw new Error(`parsed as ${JSON.stringify(parsed)}`);
  return parsed.event;
}

test('reads a merge in full', () => {
  expect(eventIn(bodyOf('merge-19'))).toEqual({
    action: 'merge',
    state: 'merged',
    previousState: 'locked',
    project: { id: 501, path: 'acme/payments', webUrl: 'https://gitlab.example/acme/payments' },
    mergeRequestId: 90071,
    iid: 7,
    title: 'Harden token check',
    description: 'Fixes SEC-123\n\n![chart](https://gitlab.example/acme/payments/uploads/1/chart.png)',
    url: 'https://gitlab.example/acme/payments/-/merge_requests/7',
    sourceBranch: 'mlund/sec-123-harden-token-check',
    targetBranch: 'main',
    labels: ['security::high', 'backend'],
    labelIds: [
      { id: 31, title: 'security::high' },
      { id: 47, title: 'backend' },
    ],
    previousLabels: null,
    authorId: 12,
    user: { id: 11, username: 'mlund', name: 'Mira Lund' },
    reviewers: [
      { id: 13, username: 'bchen', state: 'approved' },
      { id: 14, username: 'cdahl', state: 'unreviewed' },
    ],
    headSha: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
    oldRev: null,
    mergeCommitSha: '5f0c2a9d8e7b6a5f4c3d2e1f0a9b8c7d6e5f4a3b',
    system: false,
    systemAction: null,
    actionedAt: '2026-09-21T14:13:25.000Z',
    updatedAt: '2026-09-21T14:13:25.000Z',
  });
});

test.each<[string, Partial<MergeRequestEvent>]>([
  ['merge-17', { action: 'merge', actionedAt: null, updatedAt: '2026-09-21T14:13:25.000Z', system: false }],
  [
    'merge-9',
    {
      action: 'merge',
      project: { id: 501, path: 'acme/payments', webUrl: 'https://gitlab.example/acme/payments' },
      labels: [],
      user: null,
      description: '',
      reviewers: [],
    },
  ],
  ['merge-fast-forward-from-fork', { mergeCommitSha: null, title: 'Tidy 🔑 handling' }],
  ['merge-without-labels-and-reviewers', { labels: [], reviewers: [], previousLabels: null }],
  [
    'label-added-after-merge',
    { action: 'update', state: 'merged', labels: ['security::high', 'backend'], previousLabels: ['backend'] },
  ],
  ['label-removed', { labels: ['backend'], previousLabels: ['security::high', 'backend'] }],
  ['push', { action: 'update', oldRev: '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c' }],
  ['review-asked-again', { action: 'update', reviewers: [{ id: 13, username: 'bchen', state: 'unreviewed' }] }],
  ['approval', { action: 'approval', user: { id: 13, username: 'bchen', name: 'Bo Chen' } }],
  ['approved', { action: 'approved' }],
  ['approvals-reset-by-push', { action: 'unapproved', system: true, systemAction: 'approvals_reset_on_push' }],
  [
    'system-hook-merge-without-action',
    { action: 'merge', labels: ['security::high'], url: 'https://gitlab.example/acme/payments/-/merge_requests/7' },
  ],
  ['system-hook-edit-without-action', { action: 'unknown', state: 'merged', labels: [] }],
])('reads what %s says', (name, expected) => {
  expect(eventIn(bodyOf(name))).toMatchObject(expected);
});

test('reads other events by whichever name they have', () => {
  expect(parse(bodyOf('note'))).toEqual({ kind: 'other', what: 'note' });
  expect(parse(bodyOf('system-hook-project-create'))).toEqual({ kind: 'other', what: 'project_create' });
  expect(parse({ object_kind: `push\u202e${'x'.repeat(500)}` })).toMatchObject({ kind: 'other' });
});

function without(name: string, edit: (body: ReturnType<typeof bodyOf>) => void) {
  const body = bodyOf(name);
  edit(body);
  return body;
}

test.each<[string, (body: ReturnType<typeof bodyOf>) => void, Partial<MergeRequestEvent>]>([
  [
    'labels of the object where the top has none',
    (body) => delete body['labels'],
    { labels: ['security::high', 'backend'] },
  ],
  [
    'labels by name where they have no title',
    (body) => (body['labels'] = [{ id: 1, name: 'security::low' }]),
    { labels: ['security::low'], labelIds: [{ id: 1, title: 'security::low' }] },
  ],
  [
    'a label of which no id was told by its title alone',
    (body) => (body['labels'] = [{ title: 'security::low' }]),
    { labels: ['security::low'], labelIds: [] },
  ],
  ['an empty list as the labels that it is', (body) => (body['labels'] = []), { labels: [] }],
  [
    'previous labels that were none',
    (body) => (body['changes'] = { labels: { previous: [], current: [] } }),
    { previousLabels: [] },
  ],
  ['a merge by the ids of its states', (body) => delete body.object_attributes['action'], { action: 'merge' }],
  ['an empty action as none', (body) => (body.object_attributes['action'] = ''), { action: 'merge' }],
  [
    'no merge where the state did not change',
    (body) => {
      delete body.object_attributes['action'];
      body['changes'] = { state_id: { previous: 3, current: 3 } };
    },
    { action: 'unknown' },
  ],
  [
    'no merge where the name of the state did not change',
    (body) => {
      delete body.object_attributes['action'];
      body['changes'] = { state: { previous: 'merged', current: 'merged' } };
    },
    { action: 'unknown' },
  ],
  [
    'no merge where it was closed',
    (body) => {
      Object.assign(body.object_attributes, { state: 'closed', state_id: 2 });
      delete body.object_attributes['action'];
    },
    { action: 'unknown', state: 'closed' },
  ],
  [
    'the state before by its name',
    (body) => (body['changes'] = { state: { previous: 'opened', current: 'merged' } }),
    { previousState: 'opened' },
  ],
  [
    'the state before by its id',
    (body) => (body['changes'] = { state_id: { previous: 1, current: 3 } }),
    { previousState: 'opened' },
  ],
  [
    'the name of the state before rather than its id',
    (body) => (body['changes'] = { state: { previous: 'closed' }, state_id: { previous: 1, current: 3 } }),
    { previousState: 'closed' },
  ],
  ['no state before where it did not change', (body) => (body['changes'] = {}), { previousState: null }],
  [
    'no state before where its id is one that nobody knows',
    (body) => (body['changes'] = { state_id: { previous: 9, current: 3 } }),
    { previousState: null },
  ],
  ['no changes as no state before', (body) => delete body['changes'], { previousState: null }],
  ['the state by its id', (body) => delete body.object_attributes['state'], { state: 'merged' }],
  ['an action nobody knows yet', (body) => (body.object_attributes['action'] = 'teleport'), { action: 'teleport' }],
  ['nobody as the user', (body) => (body['user'] = null), { user: null }],
  ['a time that is none as unknown', (body) => (body.object_attributes['updated_at'] = 'soon'), { updatedAt: null }],
  ['no head where there is no commit', (body) => (body.object_attributes['last_commit'] = null), { headSha: null }],
  [
    'the project of the object where the top has none',
    (body) => delete body['project'],
    { project: { id: 501, path: 'acme/payments', webUrl: 'https://gitlab.example/acme/payments' } },
  ],
  [
    'text well-formed and without NUL',
    (body) => (body.object_attributes['title'] = 'a\0b\ud800'),
    { title: 'ab\ufffd' },
  ],
  ['a merge request told by event_type', (body) => delete body['object_kind'], { action: 'merge' }],
  ['fields that it does not know, whatever they hold', (body) => (body['future'] = { a: [1e300, null] }), { iid: 7 }],
])('reads %s', (_what, edit, expected) => {
  expect(eventIn(without('merge-19', edit))).toMatchObject(expected);
});

test.each([
  ['nothing', '', 'not_json', 'body'],
  ['a form', 'payload=%7B%7D', 'not_json', 'body'],
  ['half a body', '{"object_kind":"merge_request"', 'not_json', 'body'],
  ['a byte-order mark', '\ufeff{}', 'not_json', 'body'],
  ['null', 'null', 'wrong_shape', 'body'],
  ['a list', '[]', 'wrong_shape', 'body'],
  ['a text', '"merge_request"', 'wrong_shape', 'body'],
  ['an object of no kind', '{}', 'wrong_shape', 'object_kind'],
  ['a kind that is no text', '{"object_kind":["merge_request"]}', 'wrong_shape', 'object_kind'],
  ['no attributes', '{"object_kind":"merge_request"}', 'wrong_shape', 'object_attributes'],
  [
    'an id as text',
    '{"object_kind":"merge_request","object_attributes":{"id":"1","iid":7}}',
    'wrong_shape',
    'object_attributes.id',
  ],
  [
    'an id beyond 2^53',
    '{"object_kind":"merge_request","object_attributes":{"id":1,"iid":9007199254740993}}',
    'wrong_shape',
    'object_attributes.iid',
  ],
  [
    'an id beyond all numbers',
    '{"object_kind":"merge_request","object_attributes":{"id":1e999,"iid":7}}',
    'wrong_shape',
    'object_attributes.id',
  ],
  [
    'half an id',
    '{"object_kind":"merge_request","object_attributes":{"id":1,"iid":7.5}}',
    'wrong_shape',
    'object_attributes.iid',
  ],
  ['no project', '{"object_kind":"merge_request","object_attributes":{"id":1,"iid":7}}', 'wrong_shape', 'project.id'],
  [
    'no path',
    '{"object_kind":"merge_request","object_attributes":{"id":1,"iid":7},"project":{"id":1}}',
    'wrong_shape',
    'project.path_with_namespace',
  ],
  ['a prototype for the body', '{"__proto__":{"object_kind":"merge_request"}}', 'wrong_shape', 'object_kind'],
])('refuses %s', (_what, body, code, where) => {
  expect(parse(body)).toEqual({ kind: 'invalid', code, where });
});

test('says where a label is wrong without repeating it', () => {
  const body = without('merge-19', (whole) => (whole['labels'] = [{ title: 'fine' }, { id: 1 }]));
  expect(parse(body)).toEqual({ kind: 'invalid', code: 'wrong_shape', where: 'labels.1' });
});

test('takes the last of equal keys, as every JSON parser of the platform does', () => {
  const text = JSON.stringify(bodyOf('merge-19')).replace('"iid":7', '"iid":9,"iid":7');
  expect(eventIn(text).iid).toBe(7);
});

test('a prototype in a payload is a field like others', () => {
  const text = JSON.stringify(bodyOf('merge-19')).replace(
    '{',
    '{"__proto__":{"polluted":true},"constructor":{"prototype":null},',
  );
  expect(eventIn(text).iid).toBe(7);
  expect('polluted' in {}).toBe(false);
});

test.each([
  ['lists', '['.repeat(1_000_000)],
  ['closed lists', '['.repeat(1_000_000) + ']'.repeat(1_000_000)],
  ['objects', '{"a":'.repeat(1_000_000) + '1' + '}'.repeat(1_000_000)],
  ['lists inside an event', `{"object_kind":"merge_request","x":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`],
])('refuses a million nested %s before parsing them', (_what, body) => {
  expect(parse(body)).toEqual({ kind: 'invalid', code: 'wrong_shape', where: 'nesting' });
});

test('many lists side by side do not nest', () => {
  const body = without('merge-19', (whole) => (whole['future'] = Array.from({ length: 1000 }, () => [{}])));
  expect(eventIn(body).iid).toBe(7);
});

test('brackets inside text do not nest', () => {
  const title = `${'['.repeat(500)}"\\${'{'.repeat(500)}`;
  expect(eventIn(without('merge-19', (body) => (body.object_attributes['title'] = title))).title).toBe(title);
});

test('throws for no bytes', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        expect(parseEvent(Buffer.from(bytes)).kind).toBeTypeOf('string');
      },
    ),
  );
});

test('throws for no event with any field replaced by anything', () => {
  const body = bodyOf('merge-19');
  const paths = [
    ...Object.keys(body).map((key) => [key]),
    ...Object.keys(body.object_attributes).map((key) => ['object_attributes', key]),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue(), ([first = '', second], value) => {
      const changed = structuredClone(body);
      if (second === undefined) changed[first] = value;
      else changed.object_attributes[second] = value;
      const parsed = parse(changed);
      expect(['merge_request', 'other', 'invalid']).toContain(parsed.kind);
      const key =
        parsed.kind === 'merge_request' ? changeEventKey(parsed.event) : 'none 0123456789abcdef0123456789abcdef';
      expect(key).toMatch(/ [0-9a-f]{32}$/);
    }),
    { numRuns: 500 },
  );
});

const keyIn = (body: unknown): string => changeEventKey(eventIn(body));

test('one event has one key, whichever hook delivers it and in whatever order its lists come', () => {
  const merge = bodyOf('merge-19');
  const again = { ...merge, labels: [...(merge['labels'] as unknown[])].toReversed(), repository: null };
  expect(keyIn(again)).toBe(keyIn(merge));
  expect(keyIn(merge)).toBe('merge 2026-09-21T14:13:25.000Z 40ed6ea978a836ec2dc4cf1fc9028de4');
});

test.each<[string, (body: ReturnType<typeof bodyOf>) => void]>([
  ['another merge request', (body) => (body.object_attributes['iid'] = 8)],
  ['another project', (body) => ((body['project'] as Json)['id'] = 502)],
  ['another action', (body) => (body.object_attributes['action'] = 'update')],
  ['another moment', (body) => (body.object_attributes['actioned_at'] = '2026-09-21 14:13:26 UTC')],
  ['another person in the same second', (body) => ((body['user'] as Json)['id'] = 99)],
  ['another push', (body) => (body.object_attributes['oldrev'] = 'f'.repeat(40))],
  ['another head', (body) => ((body.object_attributes['last_commit'] as Json)['id'] = 'f'.repeat(40))],
  ['other labels', (body) => (body['labels'] = [])],
  ['other previous labels', (body) => (body['changes'] = { labels: { previous: [], current: [] } })],
  ['another review state', (body) => ((body['reviewers'] as Json[])[0]!['state'] = 'unapproved')],
  ['a reset by GitLab', (body) => (body.object_attributes['system_action'] = 'approvals_reset_on_push')],
  ['another title in the same second', (body) => (body.object_attributes['title'] = 'Draft: x')],
])('%s makes another key', (_what, edit) => {
  expect(keyIn(without('merge-19', edit))).not.toBe(keyIn(bodyOf('merge-19')));
});

test('the key of an event with an action out of all bounds stays short', () => {
  const body = without('merge-19', (whole) => (whole.object_attributes['action'] = 'x'.repeat(100_000)));
  expect(keyIn(body).length).toBeLessThan(100);
});
