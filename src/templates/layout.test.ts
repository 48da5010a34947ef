import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesToStorage, recordCellOf } from '../connectors/confluence/markup.ts';
import { planAppend } from '../connectors/confluence/append.ts';
import { readTables } from '../connectors/confluence/table.ts';
import { renderMessage } from '../connectors/slack/blocks.ts';
import { evidence, mergeEvent, ticket } from '../domain/fixtures/change.ts';
import { confirmationOf, type Confirmed } from '../domain/message.ts';
import { reviewOf, type Review } from '../domain/review.ts';
import { rowOf } from '../domain/row.ts';
import { notJudged } from '../domain/shortfall.ts';
import { readable } from '../domain/text.ts';
import { checkTemplate } from './check-template.ts';
import { filterTable } from './filter-table.ts';
import { shownAs } from './fixtures/shown-as.ts';
import { createLayout, type LayoutOptions } from './layout.ts';

const review = reviewOf(mergeEvent, evidence, ticket);
const recordId = 'SEC-0123456789abcdef';
const place = { index: 12, head: { size: 128, root: new Uint8Array(32) } };
const summary = { text: 'Tokens are refused.', model: 'acme/one' };
const mark = 'Machine-written (acme/one): Tokens are refused.';
const confirmed: Confirmed = {
  recordId,
  review,
  verdict: notJudged,
  rowUrl: 'https://wiki.example/4711',
  issue: { identifier: 'SEC-123', url: 'https://linear.app/acme/issue/SEC-123' },
  pod: 'payments',
};

const layoutWith = (options: Partial<LayoutOptions>) =>
  createLayout({ columns: [], messageTemplate: null, publicUrl: 'https://countersign.example', ...options });
const column = (heading: string, template: string) => layoutWith({ columns: [{ heading, template }] });
const message = (template: string) => layoutWith({ messageTemplate: template });
const cellOf = (layout: ReturnType<typeof layoutWith>, heading: string, of: Review = review) => {
  const { row, faults } = layout.rowOf(of, recordId, notJudged, place, { pod: 'payments' });
  return { shown: shownAs(row.cells.find((cell) => cell.heading === heading)!.lines), faults };
};

describe('a row', () => {
  it('is the usual one where no column is added', () => {
    expect(layoutWith({}).rowOf(review, recordId, notJudged, place)).toEqual({
      row: rowOf(review, recordId, notJudged, place),
      faults: [],
    });
  });

  it('gets further columns before its record', () => {
    const { row } = column('Author', '{{ change.author | names }}').rowOf(review, recordId, notJudged);
    expect(row.cells.map(({ heading }) => heading).slice(-3)).toEqual(['Issue', 'Author', 'Record']);
  });

  it.each(['verdict', 'Review result'])(
    'has the column under %s in the place of the usual one, by all its names',
    (heading) => {
      const { row } = column(heading, 'as {{ verdict.overall }}').rowOf(review, recordId, notJudged);
      const usual = rowOf(review, recordId, notJudged);
      expect(row.cells.map(({ heading: one, aliases }) => [one, aliases])).toEqual(
        usual.cells.map(({ heading: one, aliases }) => [one, aliases]),
      );
      expect(shownAs(row.cells[4]!.lines)).toBe('as undetermined');
    },
  );

  it('is told by its record, and never by a further cell that says the same', () => {
    const { row } = column('X', '{{ change.title }}').rowOf({ ...review, title: recordId }, recordId, notJudged, place);
    expect(recordCellOf(row)?.heading).toBe('Record');
    expect(planAppend('', [row], 'cloud').written).toEqual([recordId]);
  });

  it('names what is at hand when it is written', () => {
    const template = `{{ change.project }} {{ change.source_branch }} {{ change.target_branch }} {{ pod }} {{ record.url }}
      {{ log.head }} {{ log.entry }} {{ issue.identifier }} {{ issue.title }} {{ verdict.summary }} {{ change.created_at | day }}`;
    expect(cellOf(column('X', template), 'X').shown).toBe(
      `acme/payments aruiz/sec-123 main payments https://countersign.example/records/${recordId}\n` +
        '128:AAAAAAAAAAAAAAAA 12 SEC-123 Tokens for other audiences are taken not judged yet 2026-09-20',
    );
  });

  it('says which reviewers could not be read, apart from there being none', () => {
    const layout = column('X', '{{ approvers | names }}{% if reviewers == nil %}, unread{% endif %}');
    expect(cellOf(layout, 'X', { ...review, reviewers: null }).shown).toBe('unknown, unread');
    expect(cellOf(layout, 'X', { ...review, reviewers: [] }).shown).toBe('nobody');
  });

  it('shows fifty lines of a cell at most, and a thousand characters of each', () => {
    const labels = Array.from({ length: 100_000 }, (_, index) => `${index}${'x'.repeat(2000)}`);
    const { shown } = cellOf(column('X', '{% for one in labels %}{{ one }}\n{% endfor %}'), 'X', { ...review, labels });
    const lines = shown.split('\n');
    expect(lines).toHaveLength(51);
    expect(lines[50]).toBe('and 150 more, see the record');
    expect(Math.max(...lines.map(({ length }) => length))).toBe(1000);
  });

  it('says in its cell that a template could not be rendered, and keeps all others', () => {
    const loops = '{% for a in labels %}{% for b in labels %}{% for c in labels %}x';
    const layout = layoutWith({
      columns: [
        { heading: 'X', template: `${loops}{% endfor %}{% endfor %}{% endfor %}` },
        { heading: 'Y', template: 'fine' },
      ],
    });
    const labels = Array.from({ length: 150 }, (_, index) => `${index}`);
    expect(cellOf(layout, 'X')).toMatchObject({ faults: [] });
    const { row, faults } = layout.rowOf({ ...review, labels }, recordId, notJudged, place);
    expect(faults).toEqual([{ where: 'the column X', detail: expect.stringMatching(/^could not be rendered/) }]);
    expect(row.cells.map(({ lines }) => shownAs(lines)).slice(-3)).toEqual([
      'could not be rendered',
      'fine',
      `\`${recordId}\`\n\`entry 12 of 128:AAAAAAAAAAAAAAAA\``,
    ]);
  });

  it('says of a summary that a machine wrote it', () => {
    const { row } = layoutWith({}).rowOf(review, recordId, notJudged, place, { summary });
    expect(shownAs(row.cells[0]!.lines).split('\n').slice(1)).toEqual(['Harden token check', mark]);
    expect(recordCellOf(row)?.heading).toBe('Record');
  });
});

describe('a confirmation', () => {
  it('is the usual one without a template', () => {
    const usual = confirmationOf(confirmed, place.head);
    expect(layoutWith({}).confirmationOf(confirmed, place.head)).toEqual({ message: usual, faults: [] });
  });

  it('says what its template says, in as many lines, and ends with the head of the log', () => {
    const layout = message(
      '{{ change.reference | link: change.url }}\n\n  in {{ pod }}{% if issue.closed %}, closed{% endif %}\n',
    );
    const told = layout.confirmationOf(confirmed, place.head);
    expect(told).toMatchObject({ faults: [], message: { key: recordId } });
    expect(shownAs(told.message.lines)).toBe(
      `acme/payments!7 (${mergeEvent.url})\nin payments, closed · ledger \`128:AAAAAAAAAAAAAAAA\``,
    );
  });

  it('names the head once, where the template does', () => {
    const told = message('{{ log.head }} {{ change.title }}').confirmationOf(confirmed, place.head);
    expect(shownAs(told.message.lines)).toBe('128:AAAAAAAAAAAAAAAA Harden token check');
  });

  it('keeps room in the channel for head and summary, however long its lines are', () => {
    const long = message('{% for i in (1..20) %}{{ change.title }}\n{% endfor %}');
    const of = { ...confirmed, review: { ...review, title: '&'.repeat(1000) }, summary };
    const { text } = renderMessage(long.confirmationOf(of, place.head).message).blocks.at(-1)!.text;
    expect(text).toContain('Machine-written');
    expect(
      renderMessage(long.confirmationOf(of, place.head).message)
        .blocks.map((block) => block.text.text)
        .join(),
    ).toContain('128:');
  });

  it.each([
    '{% if log.head %}x{% endif %}',
    '{% assign h = log.head %}x',
    '{% if false %}{{ log.head }}{{ summary.text }}{% endif %}x',
    '{% if summary %}y{% endif %}x',
    '{{ summary.model }}',
    '{% for summary in labels %}{{ summary }}{% endfor %}',
    '{% for i in (1..30) %}x\n{% endfor %}{{ log.head }} {{ summary.text }}',
    '{% for i in (1..100) %}{{ change.title }}{% endfor %}{{ log.head }} {{ summary.text }}',
    '{{ log.head | link: "nowhere" | append: "" | remove: log.head }}x',
  ])('by %s shows neither head nor summary, and gets both', (template) => {
    const { lines } = message(template).confirmationOf({ ...confirmed, summary }, place.head).message;
    expect(shownAs(lines).split('128:AAAAAAAAAAAAAAAA')).toHaveLength(2);
    expect(shownAs(lines.slice(-1))).toBe(mark);
  });

  it.each([
    '{{ log.head | code | strong }} {{ summary.text | strong }}',
    '{{ log.head | upcase | truncate: 1 }} {{ summary.text | split: "): " | last }}',
    '{% capture s %}{{ summary.text | code }}{% endcapture %}{{ s | slice: 30, 99 }}{{ s | remove: "Machine" }}{{ log.head }}',
    '{{ summary.text | split: "" | reverse | join: "" }}{{ log.head | slice: 0, 3 }}',
  ])('by %s shows head and summary as a whole, and is added nothing', (template) => {
    const { lines, key } = message(template).confirmationOf({ ...confirmed, summary }, place.head).message;
    const shown = shownAs(lines);
    expect(key).toBe(recordId);
    expect(lines).toHaveLength(1);
    expect(shown.split('128:AAAAAAAAAAAAAAAA')).toHaveLength(2);
    expect(shown.split('Tokens are refused').length).toBe(shown.split('Machine-written (acme/one): ').length);
  });

  it.each([
    '{{ change.title }}\n{% for l in labels %}{{ l }}\n{% endfor %}',
    '{% for l in labels %}{{ l | code }}\n{% endfor %}',
    '{% for l in labels %}{{ l | code }}{% endfor %}',
    '{% for l in labels %}{{ l | slice: 0, 1 | code }}{{ l | slice: 0, 1 | strong }}{% endfor %}\n'.repeat(20),
    '{% for i in (1..9) %}{{ labels[0] | link: labels[20] }}{% endfor %}\n'.repeat(20),
    '{% for i in (1..4) %}{% for l in labels %}{{ l | slice: 0, 11 | code }}{% endfor %}{% endfor %}',
    '{% for i in (1..4) %}{% for l in labels %}{{ l | slice: 0, 10 | code }}{% endfor %}{% endfor %}{{ log.head }}{{ summary.text }}',
    '{% for l in labels %}{{ l | code }}{% endfor %}{{ log.head }}{{ summary.text }}',
  ])('by %s keeps head and summary in the channel, whatever labels are made of', (template) => {
    const labels = Array.from({ length: 20 }, (_, index) => `${'&'.repeat(250)}${index}`);
    const of = { ...review, title: '&'.repeat(255), labels: [...labels, `https://a.example/?${'&'.repeat(900)}`] };
    const told = message(template).confirmationOf({ ...confirmed, review: of, summary }, place.head);
    const text = renderMessage(told.message)
      .blocks.map((block) => block.text.text)
      .join('\n');
    expect(text).toContain('128:AAAAAAAAAAAAAAAA');
    expect(text).toContain(mark);
  });

  it('is the usual one, with a fault, where the template renders to nothing', () => {
    const told = message('{% if false %}x{% endif %}').confirmationOf(confirmed, place.head);
    expect(told.message).toEqual(confirmationOf(confirmed, place.head));
    expect(told.faults).toEqual([{ where: 'message.template', detail: 'it renders to nothing' }]);
  });

  it.each([
    [null, mark],
    ['{{ change.title }}', `Harden token check\n${mark}`],
    ['{{ summary.text }}!', `${mark}!`],
  ])('by %s holds the summary once, marked as machine-written', (template, end) => {
    const told = layoutWith({ messageTemplate: template }).confirmationOf({ ...confirmed, summary });
    const shown = shownAs(told.message.lines);
    expect(shown.endsWith(end)).toBe(true);
    expect(shown.split('Tokens are refused')).toHaveLength(2);
  });
});

const cut = `{% capture all %}{{ change.title | link: change.url }}{{ change.title | code }}{% endcapture %}
{{ all | truncate: 30 }} {{ all | slice: 1, 12 }} {{ all | split: "l" | reverse | join: "i" }} {{ all | strong }}
{{ all | remove_first: "link" }} {{ all | replace: "link", change.title }} {{ change.title | link: change.title }}
{{ change.title | append: change.title | link: change.url | upcase | strong }}{{ labels }}{{ reviewers | map: "name" }}`;

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      '<',
      '>',
      '&',
      '|',
      '!',
      '@',
      '"',
      "'",
      '`',
      '*',
      '{',
      '}',
      '%',
      '\u0001',
      '\u0002',
      '\u0003',
      'a',
      ' ',
      '\n',
    ),
    maxLength: 40,
  }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '</td></tr></tbody></table>',
    '<!channel> <@U1>',
    '<https://evil.example|x>',
    '\u0001link\u0002https://evil.example\u0002x\u0003',
    '{{ change.title | link: "https://evil.example" }}',
  ),
);

describe('marked text that was captured', () => {
  it.each([
    ['{{ c | slice: 3, 6 }}', 'den to'],
    ['{{ c | upcase }}', 'HARDEN TOKEN CHECK'],
    ['{{ c | split: "t" | first }}', 'Harden'],
    ['{{ c | size }}', '18'],
    ['{{ c | append: "!" }}', '*Harden token check*!'],
  ])('is plain to a filter: %s', (use, shown) => {
    const template = `{% capture c %}{{ change.title | strong }}{% endcapture %}${use}`;
    expect(cellOf(column('X', template), 'X')).toEqual({ shown, faults: [] });
  });
});

describe('foreign text', () => {
  it('that tries all that it can is laid out by templates which are right', () => {
    expect(checkTemplate(cut)).toEqual([]);
  });

  it('never makes the marks by which links travel', () => {
    const title = '\u0001link\u0002https://evil.example/\u0002x\u0003';
    const layout = column(
      'X',
      '{{ change.title }} {{ change.title | downcase }} {% capture a %}{{ change.title }}{% endcapture %}{{ a }}',
    );
    const { row } = layout.rowOf({ ...review, title }, recordId, notJudged);
    expect(
      row.cells
        .at(-2)!
        .lines.flat()
        .map(({ kind }) => kind),
    ).toEqual(['text']);
  });

  it('stays inert on page and in channel, whatever a template does to it', () => {
    const templates = [...filterTable.map(({ example }) => example), cut];
    const layout = layoutWith({
      columns: templates.map((template, index) => ({ heading: `Column ${index}`, template })),
      messageTemplate: templates.join('\n'),
    });
    fc.assert(
      fc.property(hostile, hostile, (title, name) => {
        const account = { id: 1, username: name, name: title };
        const one = {
          ...review,
          title,
          labels: [title, name],
          author: account,
          reviewers: [{ account, state: name, approvedAt: null }],
        };
        const { row, faults } = layout.rowOf(one, recordId, notJudged, place, { pod: title });
        expect(faults).toEqual([]);
        for (const { lines } of row.cells) {
          const markup = linesToStorage(lines);
          expect(markup.replaceAll(ours, '')).not.toMatch(/[<>]/);
        }
        expect(readTables(planAppend('', [row], 'cloud').body)).toHaveLength(1);

        const told = layout.confirmationOf({ ...confirmed, review: one, pod: title }, place.head);
        for (const { text } of renderMessage(told.message).blocks) {
          expect(text.text.replaceAll(/<https?:\/\/[^<>|\s]*(\|[^<>\n]*)?>/g, '')).not.toMatch(/[<>]/);
        }
        const links = [...row.cells.flatMap(({ lines }) => lines.flat()), ...told.message.lines.flat()].filter(
          (piece) => piece.kind === 'link',
        );
        // One template makes a link of the title itself, where it is an address.
        const made = [mergeEvent.url, 'https://linear.app/acme/issue/SEC-123', URL.parse(readable(title))?.href];
        expect(links.filter(({ url }) => !made.includes(url))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

const ours = new RegExp(
  '</?(p|strong|code|a)>|<p />|<a href="https?://[^<>"]*">|</?ac:(structured-macro|parameter)( ac:name="(status|title|colour)")?>',
  'g',
);
