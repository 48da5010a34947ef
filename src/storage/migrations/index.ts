import type { Migration } from 'kysely/migration';
import { up as tables } from './0001-tables.ts';
import { up as summaries } from './0002-summaries.ts';
import { up as rollingPages } from './0003-rolling-pages.ts';
import { up as keptCost } from './0004-kept-cost.ts';

/** In order. A migration is never edited once it has been released. */
export const migrations: Record<string, Migration> = {
  '0001-tables': { up: tables },
  '0002-summaries': { up: summaries },
  '0003-rolling-pages': { up: rollingPages },
  '0004-kept-cost': { up: keptCost },
};
