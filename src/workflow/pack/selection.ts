import { formatSample, type PackScope } from '@countersign/ledger';
import type { Kysely } from 'kysely';
import type { LogKeeper } from '../../storage/keeper.ts';
import type { ChangeName } from '../../domain/name.ts';
import { findChange } from '../../storage/changes.ts';
import {
  countRecordEntries,
  findRecordPlaces,
  readRecordPlaces,
  type RecordPlace,
} from '../../storage/packed-entries.ts';
import type { Tables } from '../../storage/tables.ts';
import { PackError } from './errors.ts';
import { drawSample, openPopulation, type SampleRequest } from './sample.ts';

/** Which changes are asked for. A period is that of a population which is sealed. */
export type PackChoice =
  | { readonly kind: 'all' }
  | { readonly kind: 'changes'; readonly names: readonly ChangeName[] }
  | { readonly kind: 'period'; readonly population: number }
  | ({ readonly kind: 'sample' } & SampleRequest);

/** The changes that go into a pack. */
export interface Selection {
  readonly scope: PackScope;
  readonly count: number;
  /** In the order of their records. */
  readonly places: AsyncIterable<readonly RecordPlace[]>;
  /** `population.json`. */
  readonly population?: Buffer;
  /** `sample.json`. */
  readonly sample?: string;
}

const pageSize = 20;

/** Finds the changes of a pack under a head of `size` entries. Throws `PackError` for what is not there. */
export async function select(
  db: Kysely<Tables>,
  p: LogKeeper['primitives'],
  choice: PackChoice,
  size: number,
): Promise<Selection> {
  if (choice.kind === 'all') {
    return { scope: choice, count: await countRecordEntries(db, size), places: allPlaces(db, size) };
  }
  if (choice.kind === 'changes') {
    return { scope: { kind: 'changes' }, ...(await placesOf(db, await recordIdsOf(db, choice.names), size)) };
  }
  const { list, canonical } = await openPopulation(db, choice.population);
  const scope = { kind: choice.kind, population: choice.population };
  if (choice.kind === 'period') {
    const ids = list.changes.map(({ id }) => id);
    return { scope, population: canonical, ...(await placesOf(db, ids, size)) };
  }
  const sample = await drawSample(db, p, choice);
  return { scope, population: canonical, sample: formatSample(sample), ...(await placesOf(db, sample.ids, size)) };
}

async function recordIdsOf(db: Kysely<Tables>, names: readonly ChangeName[]): Promise<string[]> {
  const ids = new Set<string>();
  for (const name of names) {
    const change = await findChange(db, name);
    if (change === undefined) throw new PackError('change_unknown', `No change of ${textOf(name)} has been taken up`);
    ids.add(change.recordId);
  }
  return [...ids];
}

async function placesOf(db: Kysely<Tables>, ids: readonly string[], size: number) {
  const places = await findRecordPlaces(db, ids, size);
  const found = new Set(places.map(({ recordId }) => recordId));
  const missing = ids.find((id) => !found.has(id));
  if (missing !== undefined) {
    throw new PackError('change_unsealed', `${missing} has no record in the log yet: countersign show tells why`);
  }
  return { count: places.length, places: pagesOf(places) };
}

async function* pagesOf(places: readonly RecordPlace[]): AsyncGenerator<readonly RecordPlace[]> {
  for (let at = 0; at < places.length; at += pageSize) yield places.slice(at, at + pageSize);
}

async function* allPlaces(db: Kysely<Tables>, size: number): AsyncGenerator<readonly RecordPlace[]> {
  for (let after = -1; ;) {
    const page = await readRecordPlaces(db, { after, size }, pageSize);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.index;
  }
}

function textOf(name: ChangeName): string {
  if (name.kind === 'record') return name.recordId;
  return name.kind === 'url' ? name.url : name.text;
}
