import type { Transaction } from 'kysely';
import { readable } from '../../domain/text.ts';
import { raise, resolve, type Finding } from '../../storage/attention.ts';
import { keepRows } from '../../storage/rows.ts';
import type { Tables } from '../../storage/tables.ts';
import type { Layout } from '../../templates/layout.ts';
import type { Appended, Progress } from '../audit-pages/progress.ts';

/** Keeps where rows stand, and lists what a person should look at on their pages. */
export async function noteRows(
  trx: Transaction<Tables>,
  progress: Progress,
  layoutOf: (project: string) => Layout,
  now: Date,
): Promise<void> {
  await keepRows(trx, progress.written, now);
  await raise(trx, [...progress.findings, ...progress.appended.flatMap(findDoubled)], now);
  for (const appended of progress.appended) await noteColumns(trx, appended, layoutOf, now);
}

// Somebody copied a row: the record stands, and a person should tidy up.
function findDoubled({ result, rows }: Appended): Finding[] {
  return rows
    .filter(({ change }) => result.doubled.includes(change.recordId))
    .map(({ change }) => ({
      kind: 'doubled_row',
      subject: change.keyText,
      reason: 'row_stands_twice',
      owner: change.pod,
    }));
}

// What people's own tables leave out of the usual columns is their choice; a column that the configuration names is missed.
// Told by project: another one may want no such column.
async function noteColumns(
  trx: Transaction<Tables>,
  { result: { withoutColumn, pageId, url }, rows }: Appended,
  layoutOf: (project: string) => Layout,
  now: Date,
): Promise<void> {
  const projects = new Map(rows.map(({ change }) => [change.key.projectId, change.event.project.path]));
  const judged = [...projects].map(([id, path]) => {
    const { headings } = layoutOf(path);
    const lacking = headings.filter((heading) => withoutColumn.includes(heading)).map((one) => readable(one, 100));
    return { subject: `page ${pageId} project ${id}`, lacking };
  });
  const findings = judged
    .filter(({ lacking }) => lacking.length > 0)
    .map(({ subject, lacking }): Finding => {
      const detail = `The table on ${url} has no column ${lacking.join(', ')}: add the heading, or take it out of row.columns`;
      return { kind: 'missing_column', subject, reason: 'no_such_heading', detail };
    });
  const fine = judged.filter(({ lacking }) => lacking.length === 0).map(({ subject }) => subject);
  await resolve(trx, 'missing_column', fine, now);
  await raise(trx, findings, now);
}
