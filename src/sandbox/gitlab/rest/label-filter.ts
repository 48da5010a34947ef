import type { MergeRequest } from '../model.ts';
import { isLicensed, type World } from '../world.ts';

type Matches = (mr: MergeRequest) => boolean;

/** `labels` and `not[labels]`: every label named must be there, and none of those excluded. */
export function labelFilter(world: World, query: URLSearchParams): Matches {
  const wanted = namesOf(query, 'labels');
  const excluded = namesOf(query, 'not[labels]');
  const has = (mr: MergeRequest, name: string): boolean => matchesName(world, titlesOf(world, mr), name);
  return (mr) => wanted.every((name) => has(mr, name)) && !excluded.some((name) => has(mr, name));
}

function namesOf(query: URLSearchParams, name: string): string[] {
  const given = [...query.getAll(name), ...query.getAll(`${name}[]`)];
  return given
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function titlesOf(world: World, mr: MergeRequest): string[] {
  return mr.labelIds.flatMap((id) => world.labels.get(id)?.title ?? []);
}

function matchesName(world: World, titles: readonly string[], name: string): boolean {
  const special = name.toLowerCase();
  if (special === 'none') return titles.length === 0;
  if (special === 'any') return titles.length > 0;
  const fold = (text: string): string => (world.switches.labelFilterIgnoresCase ? text.toLowerCase() : text);
  // Without scoped labels the asterisk is a character like any other.
  if (name.endsWith('::*') && isLicensed(world)) {
    const prefix = fold(name.slice(0, -1));
    return titles.some((title) => fold(title).startsWith(prefix));
  }
  return titles.some((title) => fold(title) === fold(name));
}
