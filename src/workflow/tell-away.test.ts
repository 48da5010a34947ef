import { expect, test } from 'vitest';
import { createAwayTeller } from './tell-away.ts';

function errorOf(code: string): Error {
  return Object.assign(new Error('could not extend file'), { code });
}

test('why nothing can be stored is said once a minute, and again when it is for another reason', () => {
  const lines: string[] = [];
  let ms = Date.parse('2026-11-24T12:00:00Z');
  const tell = createAwayTeller({ error: (_fields, line) => void lines.push(line.split(':')[0]!) }, () => new Date(ms));
  for (const code of ['53100', '53100', '25006', 'ECONNREFUSED', 'ECONNRESET', '23505']) tell(errorOf(code));
  ms += 61_000;
  tell(errorOf('57P03'));
  expect(lines).toEqual([
    'The disk of the database is full',
    'The database takes no writes',
    'The database is away',
    'The database is away',
  ]);
});
