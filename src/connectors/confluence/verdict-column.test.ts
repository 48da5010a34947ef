import { expect, test } from 'vitest';
import { evidence, mergeEvent, ticket } from '../../domain/fixtures/change.ts';
import { reviewOf } from '../../domain/review.ts';
import { rowOf, type Row } from '../../domain/row.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { planAppend } from './append.ts';
import { readBody } from './fixtures/rows.ts';
import { readRows } from './read-rows.ts';

const failed: Verdict = {
  overall: 'fail',
  checks: [
    {
      id: 'RC-06',
      name: 'Final revision approved',
      verdict: 'fail',
      reason: 'later_revision_not_approved',
      blocking: true,
      sentence: 'Code was pushed <after> & nobody approved it.',
      about: [13],
    },
  ],
};
const row = rowOf(reviewOf(mergeEvent, evidence, ticket), 'SEC-0123456789abcdef', failed);
const withoutVerdict: Row = { ...row, cells: row.cells.filter(({ heading }) => heading !== 'Verdict') };

const lozenge =
  '<p><ac:structured-macro ac:name="status"><ac:parameter ac:name="title">FAIL</ac:parameter>' +
  '<ac:parameter ac:name="colour">Red</ac:parameter></ac:structured-macro></p>';
const cell = `${lozenge}<p>RC-06 Code was pushed &lt;after&gt; &amp; nobody approved it.</p>`;

test.each([
  ['cloud', 'cloud-plain.xml'],
  ['cloud', 'cloud-numbered.xml'],
  ['cloud', 'cloud-peoples-columns.xml'],
  ['data_center', 'dc-legacy.xml'],
] as const)('on %s, the table of %s has no column for a verdict, and gets the row as before', (flavour, name) => {
  const body = readBody(name);
  expect(planAppend(body, [row], flavour).body).toBe(planAppend(body, [withoutVerdict], flavour).body);
});

test.each(['Verdict', 'Result', 'status', 'Review'])('a column called %s gets lozenge and reasons', (heading) => {
  const body = readBody('cloud-plain.xml').replace('<strong>Issue</strong>', `<em>${heading}</em>`);
  const planned = planAppend(body, [row], 'cloud').body;
  expect(planned).toContain(`<td>${cell}</td>`);
});

test('a table of ours has the verdict between merge time and issue', () => {
  const { body } = planAppend('', [row], 'data_center');
  const headings = [...body.matchAll(/<th>.*?<strong>(.*?)<\/strong>/g)].map(([, heading]) => heading);
  expect(headings).toEqual(['Merge request', 'Reviewers', 'Labels', 'Merged', 'Verdict', 'Issue', 'Record']);
  expect(body).toContain(`<td>${cell}</td>`);
});

test('a verdict is read back as it was written, with the attributes that Confluence adds to its macro', () => {
  const { body } = planAppend('', [row], 'cloud');
  const stored = body.replace(
    '<ac:structured-macro ac:name="status">',
    '<ac:structured-macro ac:name="status" ac:schema-version="1" ac:macro-id="6c1b6f0e-92f5-4b5a-8a52-1d2f6a3b4c5d">',
  );
  expect(stored).not.toBe(body);
  const [found] = readRows(stored, [row]);
  const text = 'FAIL\nRC-06 Code was pushed <after> & nobody approved it.';
  expect(found?.cells.find(({ heading }) => heading === 'Verdict')).toEqual({
    heading: 'Verdict',
    expected: text,
    found: text,
  });
});
