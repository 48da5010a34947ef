import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from '../../../test/support/attempt.ts';
import { codeOf } from '../../../test/support/code-of.ts';
import { primitives } from '../../../test/support/ledger-primitives.ts';
import { encodeText } from '../encoding.ts';
import { formatPopulation, parsePopulation, type Population } from './population.ts';
import { draw, formatSample, parseSample, seedOf } from './sample.ts';

const leaf = new Uint8Array(32).fill(7);

test('seed and sample are those of a few lines that know nothing of us', () => {
  const ids = Array.from({ length: 50 }, (_, at) => `SEC-${at}`);
  const seed = createHash('sha256').update(leaf).update('the nonce, ü').digest();
  expect(seedOf(primitives, leaf, 'the nonce, ü')).toBe(seed.toString('hex'));
  const keyOf = (id: string) => createHash('sha256').update(seed).update(id).digest('hex');
  const drawn = ids.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1)).slice(0, 7);
  expect(draw(primitives, seed.toString('hex'), ids, 7)).toEqual(drawn);
});

test('a sample does not depend on the order of the population, and a larger one begins with a smaller', () => {
  const ids = fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,12}$/), { maxLength: 40 });
  fc.assert(
    fc.property(ids, fc.string(), fc.nat(50), (population, nonce, size) => {
      const seed = seedOf(primitives, leaf, nonce.toWellFormed());
      const sample = draw(primitives, seed, population, size);
      expect(draw(primitives, seed, population.toReversed(), size)).toEqual(sample);
      expect(draw(primitives, seed, population, size + 1).slice(0, size)).toEqual(sample);
      expect(sample).toHaveLength(Math.min(size, population.length));
    }),
  );
});

const population: Population = {
  from: '2026-07-01T00:00:00.000Z',
  until: '2026-08-01T00:00:00.000Z',
  logSize: 9,
  changes: [
    { id: 'SEC-1', recordEntry: 2, mergedAt: '2026-07-01T00:00:00.000Z' },
    { id: 'SEC-2', recordEntry: 5, mergedAt: '2026-07-31T23:59:59.999Z' },
  ],
};
const [one, two] = population.changes as [Population['changes'][0], Population['changes'][0]];

test('a population that was written is what is read', () => {
  expect(parsePopulation(encodeText(formatPopulation(population)))).toEqual(population);
  const empty = { ...population, changes: [] };
  expect(parsePopulation(encodeText(formatPopulation(empty)))).toEqual(empty);
});

test.each([
  ['a change at the end of the period', [one, { ...two, mergedAt: population.until }]],
  ['a change before the period', [{ ...one, mergedAt: '2026-06-30T23:59:59.999Z' }, two]],
  ['changes out of order', [two, one]],
  ['a change twice', [one, { ...two, id: one.id }]],
  ['an entry beyond the log', [one, { ...two, recordEntry: 9 }]],
  ['a time without its zone', [one, { ...two, mergedAt: '2026-07-31T23:59:59' }]],
])('a population with %s is refused', (_what, changes) => {
  const bytes = encodeText(formatPopulation({ ...population, changes }));
  expect(codeOf(() => parsePopulation(bytes))).toBe('bad_pack');
});

test('a sample that was written is what is read, and whatever is none becomes a coded error', () => {
  const sample = { population: 3, nonce: 'n', size: 2, seed: 'a'.repeat(64), ids: ['SEC-1', 'SEC-2'] };
  expect(parseSample(encodeText(formatSample(sample)))).toEqual(sample);
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(encodeText)), (bytes) => {
      expect(attempt(() => parseSample(bytes))).toBeInstanceOf(Error);
      expect(attempt(() => parsePopulation(bytes))).toBeInstanceOf(Error);
    }),
  );
});
