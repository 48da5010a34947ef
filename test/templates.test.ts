import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRehearsals } from '../src/compose/rehearsal.ts';
import { parseChangeName } from '../src/domain/name.ts';
import { openMergeRequest } from './support/merge-requests.ts';
import { showsRecord } from './support/published.ts';
import { startWorld, type World } from './support/service.ts';

const hostile = '<script>x</script> <!channel> {{ pod }}';
const author = { heading: 'Author', template: '{{ change.author | names }} of {{ change.title | link: change.url }}' };
const message = { template: 'Seen: {{ change.title | strong }}\n{{ record.id | link: row.url }}' };

const title = 'A page without a table';
let world: World;

beforeAll(async () => {
  world = await startWorld({ configuration: { confluence: { title }, row: { columns: [author] }, message } });
});

afterAll(() => world.close());

async function merged(name: string): Promise<string> {
  const before = (await world.status()).changes.done;
  const mr = openMergeRequest(world, { title: name });
  world.merge(mr);
  await world.untilDone(before + 1);
  return (await world.show(mr))!.record_id;
}

/** The cells of a record's row, by their headings. */
function cellsOf(recordId: string): Map<string, string> {
  const { confluence } = world.sandbox;
  const page = confluence.pages().find((one) => one.title === title)!;
  const { tables } = confluence.render(page.id);
  const [headings, ...rows] = tables[0]!.rows.map(({ cells }) => cells.map(({ text }) => text));
  const row = rows.find((cells) => cells.some((text) => showsRecord(text, recordId)))!;
  return new Map(headings!.map((heading, column) => [heading, row[column]!]));
}

const lacking = async () => (await world.status()).attention.filter(({ kind }) => kind === 'missing_column');

async function reconfigured(columns: readonly object[]): Promise<void> {
  await world.configure({ row: { columns }, message });
  await world.service.reconfigure(await world.configWith({}));
}

test('a row has the columns, and a confirmation the words, that the configuration gives them, as plain text', async () => {
  const recordId = await merged(hostile);
  const cells = cellsOf(recordId);
  expect([...cells.keys()].slice(-2)).toEqual(['Author', 'Record']);
  expect(cells.get('Author')).toBe(`Ana Ruiz (aruiz) of ${hostile}`);
  const { slack, confluence } = world.sandbox;
  const own = slack.channels().flatMap(({ id }) => slack.messages(id).filter((one) => one.own));
  const [said, sealed] = own[0]!.rendered.plain.split(' · ledger ');
  expect(said).toBe(`Seen: *${hostile}*\n${recordId}`);
  expect(sealed).toMatch(/^`\d+:[A-Za-z0-9+/]{16}`$/);
  expect(own[0]!.rendered.mentions).toEqual([]);
  expect(
    confluence
      .pages()
      .map(({ body }) => body)
      .join(''),
  ).not.toContain('<script');
});

test('a heading that the table lacks is listed, until it is there or no longer asked for', async () => {
  await merged('The first, for which the table is made');
  expect(await lacking()).toEqual([]);
  await reconfigured([author, { heading: 'Branch', template: '{{ change.source_branch }}' }]);
  const recordId = await merged('Another');
  expect([...cellsOf(recordId).keys()]).not.toContain('Branch');
  expect(cellsOf(recordId).get('Author')).toBe('Ana Ruiz (aruiz) of Another');
  expect(await lacking()).toEqual([
    expect.objectContaining({ reason: 'no_such_heading', detail: expect.stringMatching(/has no column Branch: /) }),
  ]);
  await reconfigured([author]);
  await merged('A third');
  expect(await lacking()).toEqual([]);
});

test('a trial says what the confirmation will say, of the issue and of the head', async () => {
  const before = (await world.status()).changes.done;
  const mr = openMergeRequest(world, { title: 'Tried first' });
  world.merge(mr);
  await world.untilDone(before + 1);
  const told = async (template: string) => {
    const config = await world.configWith({});
    const rehearsals = openRehearsals({ ...config, message: { ...config.message, template } });
    const tried = await rehearsals.try(parseChangeName(`${mr.project}!${mr.iid}`)!);
    if (tried.kind !== 'shown') throw new Error(tried.message);
    return { text: tried.report.message.text, notes: tried.report.notes.join(' ') };
  };
  const issue = await told('{{ log.head }} "{{ issue.title }}" {{ issue.identifier }} {{ issue.closed }}');
  expect(issue.text).toMatch(/ "" [A-Z]+-\d+ true$/);
  const head = await told('{{ log.head | code }}');
  expect(head.text).toMatch(/^\d+:[A-Za-z0-9+/]{16}$/);
  expect(head.notes).toContain('head of the ledger in its message is an example');
  expect(head.notes).not.toContain('could not be rendered');
});
