import { isConnectorError } from '../../connectors/errors.ts';
import type { ListedPlace, ListMerged, MergedRow } from '../../connectors/gitlab/list-merged.ts';
import { decide, type Filter } from '../../domain/filter.ts';
import type { Patience } from './patience.ts';

export interface Period {
  readonly from: Date;
  readonly until: Date;
}

/** What was merged in a period and is in scope by the labels of now, newest first. */
export interface FoundMerges {
  readonly rows: readonly MergedRow[];
  /** How many were merged in the period and are of projects that are not watched. */
  readonly notWatched: number;
  /** Groups and projects that could not be listed. */
  readonly unread: readonly { readonly place: string; readonly code: string; readonly message: string }[];
}

/** Lists places one after the other, each completely, and picks what counts. Fails where none could be listed. */
export async function findMerges(
  parts: { readonly listMerged: ListMerged; readonly filter: Filter; readonly patience: Patience },
  places: readonly ListedPlace[],
  period: Period,
  onFound: (found: number) => void,
): Promise<FoundMerges> {
  const { listMerged, filter, patience } = parts;
  const found = new Map<number, MergedRow>();
  const foreign = new Set<number>();
  const unread: FoundMerges['unread'][number][] = [];
  let failure: unknown;

  const pick = (rows: readonly MergedRow[]): void => {
    for (const row of rows) {
      if (!isWithin(period, row.mergedAt)) continue;
      const decision = decide(mergeOf(row), filter);
      if (decision.kind === 'merge') found.set(row.id, row);
      else if (decision.kind === 'ignored' && decision.reason === 'project') foreign.add(row.id);
    }
    onFound(found.size);
  };
  for (const place of places) {
    try {
      // What was merged since then has been touched since then.
      await listMerged(place, period.from, { onRows: pick, patience });
    } catch (error) {
      if (!isConnectorError(error)) throw error;
      failure = error;
      unread.push({ place: nameOf(place), code: error.code, message: error.message });
    }
  }
  if (failure !== undefined && unread.length === places.length) throw failure;
  const rows = [...found.values()].toSorted((one, other) => orderOf(other) - orderOf(one) || other.id - one.id);
  return { rows, notWatched: foreign.size, unread };
}

/** A place in words: `group acme`. */
export function nameOf(place: ListedPlace): string {
  return place.kind === 'everything' ? 'everything' : `${place.kind} ${place.path}`;
}

function isWithin({ from, until }: Period, mergedAt: string | null): boolean {
  if (mergedAt === null) return false;
  const at = Date.parse(mergedAt);
  return at >= from.getTime() && at < until.getTime();
}

function mergeOf({ projectPath, labels, targetBranch }: MergedRow): Parameters<typeof decide>[0] {
  const project = { path: projectPath };
  return { action: 'merge', state: 'merged', project, labels, previousLabels: null, targetBranch };
}

function orderOf({ mergedAt }: MergedRow): number {
  return mergedAt === null ? 0 : Date.parse(mergedAt);
}
