import type { World } from './service.ts';

/** What people see of one change's verdict, read from the vendors' own pages. */
export interface Published {
  readonly headings: readonly string[];
  /** The cell below `Verdict`; undefined where the table has no such column. */
  readonly verdict: { readonly text: string; readonly lozenges: readonly object[] } | undefined;
  /** The message about it, as a reader sees it. */
  readonly message: string;
}

/** Whether a cell is the one that shows the record's id, above its place in the log. */
export function showsRecord(text: string, recordId: string): boolean {
  return text.split('\n')[0] === recordId;
}

/** Reads the row and the message of one record. */
export function publishedOf({ sandbox: { confluence, slack } }: Pick<World, 'sandbox'>, recordId: string): Published {
  const tables = confluence.pages().flatMap(({ id }) => confluence.render(id).tables);
  const [heading, row] = tables.flatMap(({ rows }) => {
    const found = rows.find(({ cells }) => cells.some(({ text }) => showsRecord(text, recordId)));
    return found === undefined ? [] : [rows[0]!, found];
  });
  const headings = heading?.cells.map(({ text }) => text) ?? [];
  const cell = row?.cells[headings.indexOf('Verdict')];
  const message = slack
    .channels()
    .flatMap(({ id }) => slack.messages(id))
    .find(({ own, rendered }) => own && rendered.plain.includes(recordId));
  return {
    headings,
    verdict: cell === undefined ? undefined : { text: cell.text, lozenges: cell.lozenges },
    message: message?.rendered.plain ?? '',
  };
}
