import type { PageDescription } from '../../connectors/confluence/inspect.ts';
import { failure, fine, warning, type Check } from '../check.ts';

const table = 'confluence.table';
const size = 'confluence.size';

const largest = '5 MB';
const warnFrom = 3 * 1024 * 1024;

/** Whether a row fits the page: its table, and its size. */
export function checkTable(page: PageDescription, mayBegin: boolean | null): Check[] {
  return [tableOf(page), sizeOf(page, mayBegin)];
}

function tableOf({ table: found }: PageDescription): Check {
  if (found.kind === 'none')
    return fine(table, 'The page has no audit table yet: one is made at its end with the first row');
  if (found.kind === 'unusable') {
    const fix =
      found.code === 'ambiguous'
        ? 'Leave one of these tables on the page, or give the others headings of their own'
        : unusableFix;
    return failure(table, `${found.message}: no row can be written`, fix);
  }
  if (found.doubled.length > 0) {
    return warning(
      table,
      `The audit table has the heading ${listed(found.doubled)} twice: only the first column of a name is filled, and rows may be read wrongly`,
      'Rename or remove the second column of that name in Confluence',
    );
  }
  if (found.lacksRecord) {
    return warning(
      table,
      'The audit table has no column for the record: its id goes below the merge request, and its place in the log is left out, so that a row shows less of what proves it',
      'Add a column with the heading Record to the table in Confluence',
    );
  }
  if (found.lacking.length > 0) {
    return warning(
      table,
      `The audit table lacks the headings ${listed(found.lacking)}: what belongs there is left out of the rows`,
      'Add columns with these headings to the table in Confluence',
    );
  }
  if (found.merged) {
    return warning(
      table,
      'Cells of the audit table are merged: a row below them may not be recognised or compared when the page is read again',
      'Split the merged cells in Confluence (cell menu, Split cell)',
    );
  }
  if (found.macros.length > 0) {
    return warning(
      table,
      `The audit table stands in a macro (${found.macros.join(', ')}): rows are written, and readers may not see them, or see them changed`,
      'Move the table out of the macro, straight onto the page',
    );
  }
  return fine(table, `The audit table is found, with ${found.rows === 1 ? 'one row' : `${found.rows} rows`}`);
}

const unusableFix =
  'Open the page in the editor and publish it once, which mends its markup; or choose another page, or let one be made by setting confluence.space and confluence.title';

function sizeOf({ bytes, full }: PageDescription, mayBegin: boolean | null): Check {
  const shown = bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  const fix =
    'Let the account add pages: then a further one is begun below this one. Or set confluence.title to the title of a new page, made by hand, and leave this one as it is';
  if (mayBegin === true && bytes >= warnFrom)
    return fine(size, `The page has ${shown}: a further one is begun below it`);
  if (full)
    return failure(size, `The page has ${shown}, and Confluence takes at most ${largest}: no further row fits`, fix);
  if (bytes < warnFrom) return fine(size, `The page has room (${shown} of ${largest})`);
  return warning(size, `The page has ${shown} of the ${largest} that Confluence takes: before long no row fits`, fix);
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
