import { expect, test } from 'vitest';
import { parseChangeName } from './name.ts';

const address = 'https://gitlab.example/acme/payments/-/merge_requests/7';

test.each([address, `${address}/diffs?tab=1`, `${address}#note_12`, ` ${address} `])(
  '%j names the merge request',
  (text) => {
    expect(parseChangeName(text)).toEqual({ kind: 'url', url: address });
  },
);

test('a reference names project and number', () => {
  const name = { kind: 'reference', text: 'acme/payments!7', project: 'acme/payments', iid: 7 };
  expect(parseChangeName('acme/payments!7')).toEqual(name);
});

test('a record id names the change of that record', () => {
  const recordId = 'SEC-0123456789abcdef';
  expect(parseChangeName(` ${recordId}\n`)).toEqual({ kind: 'record', recordId });
});

test.each([
  '',
  'SEC-123',
  'SEC-0123456789abcdeg',
  'SEC-0123456789abcdef0',
  'acme/payments',
  '!x',
  'https://gitlab.example/acme',
  'acme/payments!7x',
])('%j names nothing', (text) => {
  expect(parseChangeName(text)).toBeUndefined();
});
