import { describe, expect, test } from 'vitest';
import { found, headings, setUpConfluence, tableOf } from './fixtures/confluence-set-up.ts';

const world = setUpConfluence();
const { open, wrong, makePage } = world;

describe('the table', () => {
  const broken = async (body: string): Promise<unknown> => {
    await open();
    return wrong({ page: makePage(body) });
  };
  const without = (name: string) => headings.filter((heading) => heading !== name);

  test('without the column of the record shows less of what proves a row', async () => {
    expect(await broken(tableOf(without('Record')))).toEqual([
      found('table', 'warn', /column for the record/, /heading Record/),
    ]);
  });

  test('without another of our columns leaves something out', async () => {
    expect(await broken(tableOf(without('Labels')))).toEqual([found('table', 'warn', /"Labels"/, /Add columns/)]);
  });

  test('with a heading twice', async () => {
    expect(await broken(tableOf([...headings, 'Record']))).toEqual([
      found('table', 'warn', /"Record" twice/, /Rename/),
    ]);
  });

  test('with merged cells', async () => {
    const cells = `<td rowspan="2">x</td>${'<td>x</td>'.repeat(headings.length - 1)}`;
    const rest = `<tr>${'<td>x</td>'.repeat(headings.length - 1)}</tr>`;
    expect(await broken(tableOf(headings, `<tr>${cells}</tr>${rest}`))).toEqual([
      found('table', 'warn', /merged/, /Split/),
    ]);
  });

  test('in a macro', async () => {
    const before = '<ac:structured-macro ac:name="expand"><ac:rich-text-body>';
    const body = tableOf(headings, '', before, '</ac:rich-text-body></ac:structured-macro>');
    expect(await broken(body)).toEqual([found('table', 'warn', /macro \(expand\)/, /out of the macro/)]);
  });

  test('that is there twice', async () => {
    const table = tableOf(headings);
    expect(await broken(table + table)).toEqual([found('table', 'fail', /2 tables.*no row/, /Leave one/)]);
  });

  test('on a page whose markup is not well-formed', async () => {
    await open();
    const page = makePage('<p>mended</p>');
    world.fake.spoil(page.pageId, '<p>An open <b>end</p>');
    expect(await wrong({ page })).toEqual([found('table', 'fail', /not well-formed at row 1/, /publish it once/)]);
  });
});

test.each([
  [3.2, 'warn', /3\.2 MB/],
  [4.99, 'fail', /no further row fits/],
] as const)(
  'a page of %s MB is told of its size where no further one can be begun',
  async (megabytes, status, message) => {
    await open();
    const page = makePage(`<p>${'x'.repeat(megabytes * 1024 * 1024)}</p>`);
    expect(await wrong({ page })).toEqual([]);
    world.fake.closeSpace('SEC');
    expect(await wrong({ page })).toEqual([
      found('next_page', 'warn', /may not add pages/, /Permissions/),
      found('size', status, message, /confluence\.title/),
    ]);
  },
);
