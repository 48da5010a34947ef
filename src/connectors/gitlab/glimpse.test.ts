import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { glimpseEvent } from './glimpse.ts';
import { parseEvent } from './webhook.ts';

const folder = join(import.meta.dirname, 'fixtures/webhooks');
const fixtures = readdirSync(folder).map((name): [string, unknown] => [
  name,
  JSON.parse(readFileSync(join(folder, name), 'utf8')),
]);

/** Holds a glimpse against the whole event, where both can be had; true where there was a glimpse. */
function holds(body: unknown): boolean {
  const glimpse = glimpseEvent(body);
  const parsed = parseEvent(Buffer.from(JSON.stringify(body)));
  if (glimpse === undefined || parsed.kind === 'invalid') return glimpse !== undefined;
  if (parsed.kind === 'other') throw new Error('A glimpse of what is no merge request');
  const { action, state, targetBranch, labels, previousLabels, project } = parsed.event;
  expect(glimpse).toEqual({ action, state, targetBranch, labels, previousLabels, project: { path: project.path } });
  return true;
}

test.each(fixtures)('says what the whole event says: %s', (_name, body) => {
  expect(() => holds(body)).not.toThrow();
});

test('is had of the events of today', () => {
  const body = fixtures.find(([name]) => name === 'merge-19.json')?.[1];
  expect(holds(body)).toBe(true);
});

const odd = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    '',
    'merged',
    'security::a\0',
    'a\ud800',
    0,
    [],
    {},
    [{ title: 'a\0b' }],
    [{ name: 'a' }],
    [null],
  ),
  fc.string({ unit: 'binary' }),
  fc.array(fc.record({ title: fc.oneof(fc.string(), fc.constant(null)), name: fc.string() }, { requiredKeys: [] })),
);

/** As it should be, but for now and then. */
const mostly = (right: unknown) =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: odd });

const labels = fc.oneof(fc.array(fc.record({ title: mostly('security::payments') })), odd);

const anyEvent = fc.record(
  {
    object_kind: mostly('merge_request'),
    event_type: fc.constantFrom('merge_request', 'note'),
    project: fc.record({ id: fc.constant(7), path_with_namespace: mostly('acme/payments') }, { requiredKeys: ['id'] }),
    object_attributes: fc.record({
      id: fc.constant(1),
      iid: fc.constant(1),
      action: mostly('merge'),
      state: mostly('merged'),
      state_id: fc.constantFrom(1, 3),
      target_branch: mostly('main'),
      labels,
    }),
    labels,
    changes: fc.oneof(
      fc.record({ labels: mostly({ previous: [{ title: 'a' }] }) }),
      fc.record({ labels: fc.record({ previous: labels }) }),
      odd,
    ),
  },
  { requiredKeys: ['object_attributes', 'object_kind'] },
);

test('says what the whole event says, whatever stands where', () => {
  fc.assert(
    fc.property(anyEvent, (body) => {
      expect(() => holds(body)).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});
