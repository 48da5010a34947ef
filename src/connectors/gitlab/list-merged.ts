import { z } from 'zod';
import { ConnectorError } from '../errors.ts';
import { connect, type GitLabOptions } from './client.ts';
import { id, text, textOrNull, time, timeOrNull } from './fields.ts';
import { ask } from './find-change.ts';
import { nextPage, perPage } from './pages.ts';
import { parseAnswer } from './read.ts';

/** A merge request as a listing shows it, merged at some time. */
export interface MergedRow {
  readonly id: number;
  readonly iid: number;
  readonly projectId: number;
  /** `acme/payments` */
  readonly projectPath: string;
  readonly title: string;
  readonly webUrl: string;
  readonly targetBranch: string;
  readonly labels: readonly string[];
  readonly mergedAt: string | null;
}

/** What is listed: a group with everything below it, a project, or all that the token can see. */
export type ListedPlace =
  | { readonly kind: 'group' | 'project'; readonly path: string }
  | { readonly kind: 'everything' };

/** Every merge request of a place that is merged now and was touched since a moment, each once. */
export type ListMerged = (
  place: ListedPlace,
  since: Date,
  options?: {
    readonly onRows?: (rows: readonly MergedRow[]) => void;
    /** Runs the reading of one page, and again where it is worth it. */
    readonly patience?: <T>(read: () => Promise<T>) => Promise<T>;
  },
) => Promise<readonly MergedRow[]>;

const Row = z
  .object({
    id,
    iid: id,
    project_id: id,
    state: text,
    title: text,
    web_url: text,
    target_branch: text,
    labels: z.array(text),
    merged_at: timeOrNull,
    updated_at: time,
    references: z.object({ full: textOrNull }).nullish(),
  })
  .transform((shown) => ({
    isMerged: shown.state === 'merged',
    updatedAt: shown.updated_at,
    row: {
      id: shown.id,
      iid: shown.iid,
      projectId: shown.project_id,
      projectPath: pathOf(shown.references?.full ?? null, shown.web_url),
      title: shown.title,
      webUrl: shown.web_url,
      targetBranch: shown.target_branch,
      labels: shown.labels,
      mergedAt: shown.merged_at,
    } satisfies MergedRow,
  }));

/**
 * Connects to GitLab for listing merged merge requests. Labels and times of merges are the caller's to look at: GitLab's
 * own filters for them depend on its version and tier, and are ignored without a word where they are not known.
 */
export function createListMerged(options: GitLabOptions): ListMerged {
  const connection = connect(options, options.now ?? (() => new Date()));

  async function readPage(place: ListedPlace, query: URLSearchParams) {
    const answer = await ask(connection, `${pathTo(place)}?${query.toString()}`);
    if (answer === undefined) throw hidden(place);
    const rows = parseAnswer(z.array(Row), answer);
    return { rows, isLast: nextPage(answer, rows.length) === undefined };
  }

  return async (place, since, { onRows, patience = readOnce } = {}) => {
    const found = new Map<number, MergedRow>();

    /** Reads from a moment on: one page, or as many as that moment fills. */
    async function readPass(cursor: string): Promise<Pass> {
      const moment = new Set<number>();
      for (let page = 1; ; page++) {
        const query = new URLSearchParams({
          state: 'merged',
          scope: 'all',
          updated_after: cursor,
          order_by: 'updated_at',
          sort: 'asc',
          per_page: String(perPage),
          page: String(page),
          ...(place.kind === 'group' ? { non_archived: 'false' } : {}),
        });
        const { rows, isLast } = await patience(() => readPage(place, query));
        const merged = rows.filter(({ isMerged }) => isMerged).map(({ row }) => row);
        for (const row of merged) found.set(row.id, row);
        onRows?.(merged);
        for (const { row, updatedAt } of rows) if (updatedAt === cursor) moment.add(row.id);

        const last = rows.at(-1)?.updatedAt ?? cursor;
        if (last < cursor || (rows.length === 0 && !isLast)) throw endless();
        // More rows of one moment than a page holds: only then are pages counted.
        if (isLast || last > cursor) return { moment, pages: page, last, isLast };
      }
    }

    /**
     * Rows that leave a moment while its pages are counted push others to pages that have been read. Where the next pass
     * has the same rows, none had left, and nothing was passed over.
     */
    async function settle(cursor: string, first: Pass): Promise<Pass> {
      let before = first;
      for (let passes = 1; before.pages > 1; passes++) {
        if (passes > mostPasses) throw endless();
        const next = await readPass(cursor);
        if (next.moment.symmetricDifference(before.moment).size === 0) break;
        before = next;
      }
      return before;
    }

    for (let cursor = since.toISOString(); ;) {
      // Always from the moment that was reached: whatever is touched meanwhile moves to the end and nothing is left
      // out, as it would be by counting on through pages that lose rows.
      const { last, isLast } = await settle(cursor, await readPass(cursor));
      if (isLast) return [...found.values()];
      cursor = last;
    }
  };
}

interface Pass {
  /** The rows of the very moment that it began with. */
  readonly moment: ReadonlySet<number>;
  readonly pages: number;
  /** How far it came. */
  readonly last: string;
  readonly isLast: boolean;
}

// Each brings out of a moment what was touched during the one before it: nobody touches as fast for so long.
const mostPasses = 100;

function pathTo(place: ListedPlace): string {
  if (place.kind === 'everything') return '/merge_requests';
  return `/${place.kind}s/${encodeURIComponent(place.path)}/merge_requests`;
}

function pathOf(reference: string | null, webUrl: string): string {
  const named = /^(.+)!\d+$/.exec(reference ?? '')?.[1];
  if (named !== undefined) return named;
  const path = URL.canParse(webUrl) ? new URL(webUrl).pathname : '';
  return path.replace(/^\//, '').replace(/(?:\/-)?\/merge_requests\/\d+$/, '');
}

function hidden(place: ListedPlace): ConnectorError {
  const which = place.kind === 'everything' ? 'the listing of all merge requests' : `the ${place.kind} ${place.path}`;
  return new ConnectorError({
    vendor: 'gitlab',
    code: 'not_found',
    status: 404,
    message: `GitLab shows no merge requests of ${which}: it is gone, or hidden from this token`,
  });
}

function endless(): ConnectorError {
  return new ConnectorError({
    vendor: 'gitlab',
    code: 'bad_response',
    message: 'The listing of merged merge requests is in another order than asked for, and has no certain end',
  });
}

function readOnce<T>(read: () => Promise<T>): Promise<T> {
  return read();
}
