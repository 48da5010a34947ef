import { z } from 'zod';
import type { ChangedFile, SummaryMaterial } from '../../domain/summary-material.ts';
import { createHttp } from '../http.ts';
import { withBudget } from './budget.ts';
import { connectionTo } from './connection.ts';
import type { MergeRequestKey } from './client.ts';
import { AccountOrNull } from './account.ts';
import { flagOrNull, text, textOrEmpty } from './fields.ts';
import { nextPage, perPage } from './pages.ts';
import { parseAnswer, readOne, readPart, type Connection } from './read.ts';

export interface SummaryReaderOptions {
  /** Address of the instance, with its path prefix where it has one. */
  readonly url: string;
  readonly token: string;
  readonly now?: () => Date;
}

export interface SummaryReader {
  /** Reads what a model is shown of a merge request, for so long. What cannot be read is left out; nothing is thrown. */
  readMaterial(change: MergeRequestKey, timeoutMs: number): Promise<SummaryMaterial>;
}

/** A summary needs no more; what is left out is said to be. */
const mostPages = { files: 3, notes: 2 } as const;
const mostBytes = 8 * 1024 * 1024;

const About = z.object({ title: text, description: textOrEmpty });

/** One element of `GET …/diffs`; lines are left out where there are too many. */
const Diff = z
  .object({ old_path: text, new_path: text, diff: textOrEmpty, collapsed: flagOrNull, too_large: flagOrNull })
  .transform(({ old_path, new_path, diff, collapsed, too_large }): ChangedFile => {
    const path = old_path === new_path ? new_path : `${old_path} → ${new_path}`;
    if (collapsed === true || too_large === true) return { path, additions: null, deletions: null };
    return { path, ...countLines(diff) };
  });

/** One element of `GET …/notes`. Older servers say `confidential` for what only members may read. */
const PeoplesNote = z.object({
  system: z.boolean(),
  body: textOrEmpty,
  author: AccountOrNull,
  internal: flagOrNull,
  confidential: flagOrNull,
});

/** Reads what summaries are made of. Reads only, and keeps nothing. */
export function createSummaryReader({ url, token, now = () => new Date() }: SummaryReaderOptions): SummaryReader {
  const http = createHttp({ vendor: 'gitlab', now, maxBytes: mostBytes, readOnly: true });

  return {
    async readMaterial({ projectId, iid }, timeoutMs) {
      const budgeted = withBudget(http, { ms: timeoutMs, requestMs: timeoutMs, now });
      const connection = connectionTo(url, { token, now, http: budgeted });
      const path = `/projects/${projectId}/merge_requests/${iid}`;
      const [about, files, notes] = await Promise.all([
        readOne(connection, 'merge_request', path, About),
        readSome(connection, `${path}/diffs`, Diff, mostPages.files),
        // The newest come first, and are the ones that are kept.
        readSome(connection, `${path}/notes?sort=desc&order_by=created_at`, PeoplesNote, mostPages.notes),
      ]);
      return {
        title: about.reading.ok ? about.reading.value.title : null,
        description: about.reading.ok ? about.reading.value.description : null,
        files: files?.rows ?? null,
        moreFiles: files?.more ?? false,
        notes:
          notes === null
            ? null
            : notes.rows
                .filter(({ system, internal, confidential }) => !system && internal !== true && confidential !== true)
                .map(({ author, body }) => ({ author: author?.id ?? null, text: body }))
                .toReversed(),
      };
    },
  };
}

// Unlike evidence, half of a listing is better than none of it.
async function readSome<T>(
  connection: Connection,
  path: string,
  schema: z.ZodType<T>,
  pages: number,
): Promise<{ readonly rows: T[]; readonly more: boolean } | null> {
  const rows: T[] = [];
  const first = new URL(`${connection.api}${path}`);
  first.searchParams.set('per_page', String(perPage));
  let next: string | undefined = first.href;
  let read = 0;
  const { reading } = await readPart(connection, path, async (ask) => {
    for (; next !== undefined && read < pages; read++) {
      const answer = await ask(next);
      const page = parseAnswer(z.array(schema), answer);
      rows.push(...page);
      next = nextPage(answer, page.length);
    }
  });
  if (!reading.ok && read === 0) return null;
  return { rows, more: next !== undefined };
}

// Of a unified diff: its hunks hold nothing but lines that were added, taken away or kept.
function countLines(diff: string): { additions: number; deletions: number } {
  let additions = 0;
  let deletions = 0;
  for (const line of diff.split('\n')) {
    if (line.startsWith('+')) additions++;
    else if (line.startsWith('-')) deletions++;
  }
  return { additions, deletions };
}
