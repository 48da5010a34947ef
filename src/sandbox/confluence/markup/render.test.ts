import { expect, test } from 'vitest';
import { cloudAuditPage, dataCenterAuditPage } from '../sample-pages.ts';
import { parseMarkup } from './parse.ts';
import { renderMarkup } from './render.ts';

const render = (body: string) => {
  const parsed = parseMarkup(body);
  if (!parsed.ok) throw new Error(parsed.problem.text);
  return renderMarkup(parsed.nodes);
};

test('tables are rows of cells with their links and lozenges, nested ones apart', () => {
  const [legend, nested, audit] = render(cloudAuditPage('Audit')).tables;
  expect(legend?.rows.map(({ cells }) => cells.map(({ text }) => text))).toEqual([
    ['Labels', 'Meaning'],
    ['security::high', 'two approvals → one from the pod'],
  ]);
  expect(nested?.rows[0]?.cells.map(({ text }) => text)).toEqual(['Merge request', 'Record']);
  const [numbering, reference, , label] = audit!.rows[1]!.cells;
  expect(numbering).toMatchObject({ text: '1', numbering: true });
  expect(reference).toMatchObject({
    text: 'acme/payments!431',
    links: [{ text: 'acme/payments!431', url: 'https://gitlab.acme.example/acme/payments/-/merge_requests/431' }],
  });
  expect(label).toMatchObject({ text: 'security::low', lozenges: [{ text: 'security::low', colour: 'Green' }] });
});

test('bare cells of a Data Center have their lines', () => {
  const [table] = render(dataCenterAuditPage('Audit')).tables;
  expect(table?.rows[1]?.cells.map(({ text }) => text)).toEqual([
    '!431',
    'Bo Chen\nDayo Okafor',
    'security::low',
    '2026-07-09',
    'SEC-74',
    'by hand\u00a0– see minutes',
  ]);
});

test('HTML holds nothing that a page could do harm with', () => {
  const { html } = render(
    '<script>alert(1)</script><a href="javascript:alert(2)">x</a><a href="https://a.example/?a=1&amp;b=&quot;">y</a>' +
      '<p onclick="alert(3)">&lt;img src=x onerror=alert(4)&gt;</p><td colspan="2&quot; onload=&quot;x">z</td>' +
      '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">&lt;b&gt;</ac:parameter>' +
      '<ac:parameter ac:name="colour">red" x="</ac:parameter></ac:structured-macro>',
  );
  expect(html).toBe(
    'alert(1)x<a href="https://a.example/?a=1&amp;b=&quot;" rel="noreferrer noopener">y</a>' +
      '<p>&lt;img src=x onerror=alert(4)&gt;</p><td>z</td><span class="lozenge grey">&lt;b&gt;</span>',
  );
});
