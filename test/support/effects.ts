import type { World } from './service.ts';

/** What stands at the vendors for one record, counted by looking and not by believing. */
export function effectsOf(
  { sandbox: { confluence, slack } }: Pick<World, 'sandbox'>,
  recordId: string,
): { readonly rows: number; readonly messages: number } {
  const rows = confluence
    .pages()
    .flatMap(({ id }) => confluence.render(id).tables)
    .flatMap((table) => table.rows)
    .filter(({ cells }) => cells.some(({ text }) => text.includes(recordId)));
  const messages = slack
    .channels()
    .flatMap(({ id }) => slack.messages(id))
    .filter(({ own, rendered }) => own && rendered.plain.includes(recordId));
  return { rows: rows.length, messages: messages.length };
}
