import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { evidence, mergeEvent, ticket } from '../../domain/fixtures/change.ts';
import { reviewOf } from '../../domain/review.ts';
import { rowOf, type Cell, type Row } from '../../domain/row.ts';
import { notJudged } from '../../domain/shortfall.ts';
import type { Inline } from '../../domain/text.ts';
import { confirmRows, planAppend } from './append.ts';
import { recordId } from './fixtures/rows.ts';
import { readRows } from './read-rows.ts';

const changes = [1, 2, 3];
const absent = 4;
const usual = reviewOf(mergeEvent, evidence, ticket);

// What a person may call things who knows every id and reference, and how a row is written.
const aimed = [...changes, absent].flatMap((number) => {
  const id = recordId(number);
  return [
    id,
    ` ${id}\u200b`,
    `x\n${id}`,
    `x\u2028\u2028${id}`,
    `<sub>${id}</sub>`,
    `</p><p><sub>${id}</sub></p>`,
    `${id} entry 3 of 5:AAAAAAAAAAAAAAAA`,
    `acme/payments!${number}`,
  ];
});
const foreign = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...aimed) },
  { weight: 1, arbitrary: fc.constantFrom('', '\u200b', 'entry 3 of 5:AAAAAAAAAAAAAAAA') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

/** What a template can make of such text: lines in any number, of text, code and links. */
const printed: fc.Arbitrary<Inline[][]> = fc.array(
  fc.array(
    fc.oneof(
      foreign.map((text): Inline => ({ kind: 'text', text })),
      foreign.map((text): Inline => ({ kind: 'code', text })),
      foreign.map((text): Inline => ({ kind: 'link', text, url: 'https://x.example/' })),
    ),
    { minLength: 1, maxLength: 2 },
  ),
  { maxLength: 4 },
);

const furtherHeadings = ['Notes', 'Remarks'];

function rowsBy(number: number): fc.Arbitrary<Row> {
  return fc
    .record({
      title: foreign,
      name: foreign,
      labels: fc.array(foreign, { maxLength: 3 }),
      summary: fc.option(fc.record({ text: foreign, model: foreign })),
      further: fc.array(fc.record({ heading: fc.constantFrom(...furtherHeadings, 'Verdict'), lines: printed }), {
        maxLength: 3,
      }),
      placed: fc.boolean(),
    })
    .map(({ title, name, labels, summary, further, placed }) => {
      const account = { id: 1, username: name, name, state: 'active' };
      const review = {
        ...usual,
        reference: `acme/payments!${number}`,
        title,
        labels,
        author: account,
        mergedBy: account,
        reviewers: [{ account, state: name, approvedAt: null }],
      };
      const place = placed ? { index: number, head: { size: 9, root: new Uint8Array(32) } } : null;
      return withFurther(rowOf(review, recordId(number), notJudged, place, summary), further);
    });
}

/** A further column stands before the record, or in the place of the usual one that it names. */
function withFurther(row: Row, further: readonly Pick<Cell, 'heading' | 'lines'>[]): Row {
  const lines = new Map(further.map((cell) => [cell.heading, cell.lines]));
  const kept = row.cells.map((cell) => ({ ...cell, lines: lines.get(cell.heading) ?? cell.lines }));
  const added = furtherHeadings
    .filter((heading) => lines.has(heading))
    .map((heading) => ({ heading, aliases: [], lines: lines.get(heading)! }));
  return { ...row, cells: [...kept.slice(0, -1), ...added, ...kept.slice(-1)] };
}

const rows = fc.tuple(...[...changes, absent].map(rowsBy));
const headed = (headings: readonly string[]) =>
  `<table><tbody><tr>${headings.map((one) => `<th>${one}</th>`).join('')}</tr></tbody></table>`;
const bodies = fc
  .shuffledSubarray(['MR', 'Reviewers', 'Labels', 'Verdict', 'Notes', 'Remarks', 'Record'], { minLength: 3 })
  .filter((headings) => headings.includes('MR') && headings.filter((one) => !furtherHeadings.includes(one)).length > 2)
  .map(headed);

test('whatever titles, labels, names and columns say, every row is written once, and none stands for another', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constant(''), bodies),
      rows,
      fc.shuffledSubarray(changes, { minLength: 3 }),
      fc.boolean(),
      (body, all, order, together) => {
        const wanted = order.map((number) => all[number - 1]!);
        const batches = together ? [wanted] : wanted.map((row) => [row]);
        let page = body;
        for (const batch of batches) {
          const plan = planAppend(page, batch, 'cloud');
          expect(plan.written).toEqual(batch.map((row) => row.recordId));
          page = plan.body;
          expect(confirmRows(page, batch)).toEqual([]);
        }
        // Together and one by one: which further columns are known depends on the rows that are asked for.
        for (const asked of [wanted, ...wanted.map((row) => [row])]) {
          expect(confirmRows(page, asked)).toEqual([]);
          expect(readRows(page, asked).map(({ times }) => times)).toEqual(asked.map(() => 1));
          expect(planAppend(page, asked, 'cloud').written).toEqual([]);
        }
        const missing = all.at(-1)!;
        for (const asked of [[missing], all]) {
          expect(() => confirmRows(page, asked)).toThrow(expect.objectContaining({ code: 'conflict' }));
          expect(planAppend(page, asked, 'cloud').written).toEqual([missing.recordId]);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('nor does anything stand for a row where records were taken out of their column, or headings lost', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const missing = all.at(-1)!;
      const { body } = planAppend('', all.slice(0, -1), 'cloud');
      // What looks like the record's cell, wherever it stands: a further column may come after it.
      const emptied = body.replaceAll(
        /<td><p><code>SEC-[0-9a-f]{16}<\/code><\/p>(<p><code>entry [^<]*<\/code><\/p>)?<\/td>/g,
        '<td><p /></td>',
      );
      const lost = body.replaceAll(/<th>.*?<\/th>/g, '<th><p>Spalte</p></th>');
      for (const page of [emptied, lost]) {
        expect(page).not.toBe(body);
        expect(planAppend(page, [missing], 'cloud').written).toEqual([missing.recordId]);
        expect(() => confirmRows(page, [missing])).toThrow(expect.objectContaining({ code: 'conflict' }));
      }
    }),
    { numRuns: 200 },
  );
});
