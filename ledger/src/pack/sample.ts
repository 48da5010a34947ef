import { concatBytes, decodeHex, encodeHex, encodeText } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { listOf, objectWith, parseCanonicalJson, stringOf } from '../parse-canonical-json.ts';
import { type Primitives } from '../primitives.ts';
import { canonicalJson } from '../canonical-json.ts';
import { countOf } from './read-json.ts';

/** A sample that was drawn from a population: `sample.json`. */
export interface Sample {
  /** Index of the entry that sealed the population. */
  readonly population: number;
  /** What the auditor chose, after the population was sealed. */
  readonly nonce: string;
  /** How many were asked for. */
  readonly size: number;
  /** Lower-case hex. */
  readonly seed: string;
  /** In the order in which they were drawn. */
  readonly ids: readonly string[];
}

const code = 'bad_pack';
const mostIds = 10_000_000;

/** SHA-256 over the leaf hash of the population's statement, 32 bytes, and the nonce in UTF-8; in lower-case hex. */
export function seedOf(p: Primitives, populationLeafHash: Uint8Array, nonce: string): string {
  if (populationLeafHash.length !== 32) throw new LedgerError(code, 'The hash of a leaf has 32 bytes');
  // Another length would leave open where the one ends and the other begins.
  return encodeHex(p.sha256(concatBytes(populationLeafHash, encodeText(nonce))));
}

/**
 * Draws from ids: they are ordered by SHA-256 over the seed's 32 bytes and the id in ASCII, and the first `size` are
 * taken; all of them where there are fewer. Whoever knows neither nonce nor population beforehand cannot steer it.
 */
export function draw(p: Primitives, seed: string, ids: readonly string[], size: number): string[] {
  const begin = decodeHex(seed);
  return ids
    .map((id) => [encodeHex(p.sha256(concatBytes(begin, encodeText(id)))), id] as const)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .slice(0, size)
    .map(([, id]) => id);
}

/** The canonical text of a sample. */
export function formatSample({ population, nonce, size, seed, ids }: Sample): string {
  return canonicalJson({ population, nonce, size, seed, ids });
}

/** The sample of such bytes. Throws `bad_pack`. That it was drawn so is not checked. */
export function parseSample(bytes: Uint8Array): Sample {
  const names = ['population', 'nonce', 'size', 'seed', 'ids'];
  const { population, nonce, size, seed, ids } = objectWith(parseCanonicalJson(bytes, code), names, code);
  const hex = stringOf(seed, 64, code);
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new LedgerError(code, 'A seed has 32 bytes, in lower-case hex');
  return {
    population: countOf(population, code),
    nonce: stringOf(nonce, 1000, code),
    size: countOf(size, code),
    seed: hex,
    ids: listOf(ids, mostIds, code).map((id) => stringOf(id, 500, code)),
  };
}
