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

test.each(['', 'acme/payments', '!x', 'https://gitlab.example/acme', 'acme/payments!7x'])(
  '%j names nothing',
  (text) => {
    expect(parseChangeName(text)).toBeUndefined();
  },
);
