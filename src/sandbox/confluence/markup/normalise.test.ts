import { describe, expect, test } from 'vitest';
import { cloudAuditPage, dataCenterAuditPage, samplePages, scriptedPage } from '../sample-pages.ts';
import { createLocalIds } from './local-ids.ts';
import { normalise, type Normalisation } from './normalise.ts';
import { parseMarkup } from './parse.ts';
import { writeMarkup, type Node } from './tree.ts';

const nodesOf = (body: string): readonly Node[] => {
  const parsed = parseMarkup(body);
  if (!parsed.ok) throw new Error(parsed.problem.text);
  return parsed.nodes;
};

function saver(rules: Partial<Normalisation> = {}) {
  const ids = createLocalIds('test');
  const usual = { mode: 'light', legacy: false, keepsClientLocalIds: true, namedEntitiesOut: true, ids } as const;
  return (sent: string, stored = '') => writeMarkup(normalise(nodesOf(sent), nodesOf(stored), { ...usual, ...rules }));
}

const addRow = (body: string, row: string): string => {
  const at = body.lastIndexOf('</tbody>');
  return body.slice(0, at) + row + body.slice(at);
};
const newRow = '<tr><td>!9 it’s “new”</td><td><p>two</p> and <strong>more</strong></td><td/></tr>';

describe('saving a page with a row more', () => {
  test.each(Object.entries({ cloudAuditPage, dataCenterAuditPage }))(
    'leaves everything else as it was: %s',
    (name, page) => {
      const stored = page('Audit');
      const [before = '', after = ''] = addRow(stored, '\u0007').split('\u0007');
      const saved = saver({ legacy: name === 'dataCenterAuditPage' })(addRow(stored, newRow), stored);
      expect(saved.startsWith(before)).toBe(true);
      expect(saved.endsWith(after)).toBe(true);
      expect(saved.length).toBeGreaterThan(stored.length + newRow.length);
    },
  );

  test('gives the new row ids, paragraphs and named entities', () => {
    const stored = scriptedPage('Audit');
    const saved = saver()(addRow(stored, newRow), stored);
    const row = saved.slice(saved.indexOf('<tr ac:local-id'), saved.lastIndexOf('</tbody>'));
    expect(row.replaceAll(/"[0-9a-f-]{12,36}"/g, '"ID"')).toBe(
      '<tr ac:local-id="ID"><td ac:local-id="ID"><p local-id="ID">!9 it&rsquo;s &ldquo;new&rdquo;</p></td>' +
        '<td ac:local-id="ID"><p local-id="ID">two</p><p local-id="ID"> and <strong>more</strong></p></td>' +
        '<td ac:local-id="ID"><p local-id="ID" /></td></tr>',
    );
  });

  test('keeps the legacy markup of a Data Center', () => {
    const saved = saver({ legacy: true })('<table><tbody><tr><th>A</th><td>b<br/>c</td></tr></tbody></table>');
    expect(saved).toBe(
      '<table class="wrapped"><tbody><tr><th class="confluenceTh">A</th><td class="confluenceTd">b<br />c</td></tr>' +
        '</tbody></table>',
    );
  });

  test('completes macros of new cells only', () => {
    const macro =
      '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">OK</ac:parameter></ac:structured-macro>';
    const saved = saver()(`<p>${macro}</p><table data-layout="wide"><tbody><tr><td>${macro}</td></tr></tbody></table>`);
    expect(saved.startsWith(`<p>${macro}</p>`)).toBe(true);
    expect(saved).toMatch(
      /<p local-id="\w{12}"><ac:structured-macro ac:name="status" ac:schema-version="1" ac:macro-id="/,
    );
    expect(saved).toContain('data-layout="wide" data-table-width="760"');
  });

  test('leaves the numbering column alone', () => {
    const saved = saver()('<table><tbody><tr><td class="numberingColumn">3</td><td>x</td></tr></tbody></table>');
    expect(saved).toContain('<td class="numberingColumn">3</td>');
  });
});

describe('saving what was stored', () => {
  const variants = [true, false].flatMap((keepsClientLocalIds) =>
    [true, false].flatMap((namedEntitiesOut) =>
      (['none', 'light', 'full'] as const).flatMap((mode) =>
        [true, false].map((legacy) => ({ mode, legacy, keepsClientLocalIds, namedEntitiesOut })),
      ),
    ),
  );

  test.each(variants)('changes nothing more: %j', (rules) => {
    const save = saver(rules);
    for (const page of Object.values(samplePages)) {
      const first = save(addRow(page('Audit') + '<table><tbody></tbody></table>', newRow));
      expect(save(first, first)).toBe(first);
    }
  });
});

describe('by its switches', () => {
  const sent = '<table><tbody><tr ac:local-id="mine"><td>x’</td></tr></tbody></table>';

  test('the server keeps ids that a client chose, or does not', () => {
    expect(saver()(sent)).toContain('ac:local-id="mine"');
    expect(saver({ keepsClientLocalIds: false })(sent)).not.toContain('mine');
    expect(saver({ keepsClientLocalIds: false })(sent, sent)).toContain('mine');
  });

  test('characters come back as they were, and references as characters', () => {
    expect(saver()('<table><tr><td>a&#8217;&#x1F600;&#38;</td></tr></table>')).toContain('a&rsquo;😀&amp;');
    expect(saver({ namedEntitiesOut: false })(sent)).toContain('x’');
  });

  test('nothing is rewritten, or everything is', () => {
    expect(saver({ mode: 'none' })(sent)).toBe(sent);
    const full = saver({ mode: 'full' })('<p style="color: red;">it’s</p><hr/>', '<p style="color: red;">it’s</p>');
    expect(full).toMatch(/^<p local-id="\w{12}">it&rsquo;s<\/p><hr \/>$/);
  });
});
