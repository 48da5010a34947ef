import { afterAll, beforeAll, expect, test } from 'vitest';
import { readable } from '../src/domain/text.ts';
import { openMergeRequest } from './support/merge-requests.ts';
import { startWorld, type World } from './support/service.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ sandbox: { switches: { slack: { channelLimit: 'off' } } } });
});
afterAll(() => world.close());

const titles: readonly [string, string][] = [
  ['a script', '<script>alert(1)</script>'],
  ['the end of a CDATA section', 'x ]]> y'],
  ['an entity', 'a &nbsp; b &amp; c'],
  ['a call to the channel', '<!channel> <@U0123> <https://evil.example|bank>'],
  ['bars and markup', 'a | b *bold* _it_ `code` ~no~'],
  ['the end of a cell', '</td></tr></table>'],
  ['a direction override', 'invoice \u202etxt.exe'],
  ['control characters', 'a\u0007b\u001b[31mc'],
  ['another record', 'SEC-0123456789abcdef'],
  ['a thousand characters', 'x'.repeat(1000)],
];

test.each(titles)('%s in a title reaches page and channel harmless and readable', async (_what, title) => {
  const before = (await world.status()).changes.done;
  const mr = openMergeRequest(world, { pod: before % 10, title: title.slice(0, 255) });
  world.merge(mr);
  await world.untilDone(before + 1);

  const { record_id: recordId } = (await world.show(mr))!;
  const { confluence, slack } = world.sandbox;
  const rows = confluence
    .pages()
    .flatMap(({ id }) => confluence.render(id).tables)
    .flatMap((table) => table.rows)
    .filter(({ cells }) => cells.some(({ text }) => text.includes(recordId)));
  expect(rows.length).toBe(1);
  const squeezed = (text: string): string => text.replaceAll(/\s+/g, ' ');
  expect(squeezed(rows[0]!.cells[0]!.text)).toContain(squeezed(readable(title.slice(0, 255))));

  const message = slack
    .channels()
    .flatMap(({ id }) => slack.messages(id))
    .find(({ own, rendered }) => own && rendered.plain.includes(recordId))!;
  expect(message.rendered.mentions).toEqual([]);
  // Slack makes a bare address a link by itself; what must not be is a link under another name.
  expect(
    message.rendered.links.filter(({ url, text }) => new URL(url).hostname === 'evil.example' && text !== url),
  ).toEqual([]);
});
