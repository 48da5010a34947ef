/** A body for a page of a given title, as people and editors have left it. */
export type SamplePage = (title: string) => string;

const columns = ['Merge request', 'Reviewers', 'Labels', 'Merged', 'Issue', 'Record'];

/**
 * Cloud, grown over time in the editor: widths and ids, a numbered column, lozenges, a table inside a cell, a second
 * table with almost the same headings, code in an expand macro, an inline comment, emoji and named entities.
 */
export const cloudAuditPage: SamplePage = (title) =>
  [
    `<h1 local-id="5f0c2b7a91de">${escape(title)}</h1>`,
    '<p local-id="a01b5c9d33e2">Kept by the <em>Security</em> guild &ndash; please don&rsquo;t sort this table. ',
    '<ac:inline-comment-marker ac:ref="6f1d0e0a-3b62-4a55-9a2e-90d7c0b1f7aa">Auditors read it every quarter',
    '</ac:inline-comment-marker>&nbsp;<ac:emoticon ac:emoji-shortname=":mag:" ac:emoji-id="1f50d" ',
    'ac:emoji-fallback="🔍" ac:name="blue-star" /></p>',
    '<ac:structured-macro ac:name="expand" ac:schema-version="1" ac:macro-id="0e3a9f51-7d0c-4a91-b2a8-55d1a2d0c901">',
    '<ac:parameter ac:name="title">How rows get here</ac:parameter><ac:rich-text-body>',
    '<ac:structured-macro ac:name="code" ac:schema-version="1" ac:macro-id="3c55e1f2-18b0-4be0-9c1f-cc2b1be3ad07">',
    '<ac:parameter ac:name="language">bash</ac:parameter><ac:plain-text-body>',
    "<![CDATA[if [[ $a < 3 && $b > 1 ]]; then echo '</tbody></table>'; fi]]>",
    '</ac:plain-text-body></ac:structured-macro></ac:rich-text-body></ac:structured-macro>',
    '<h2 local-id="77aa01bc2d3e">Legend</h2>',
    '<table data-table-width="760" data-layout="default" ac:local-id="b7a0c1d2-0b1c-4d2e-a3f4-a5b6c7d8e9f0"><tbody>',
    '<tr ac:local-id="c1c1c1c1-0001-4000-a000-000000000001"><th ac:local-id="c1c1c1c1-0002-4000-a000-000000000001">',
    '<p local-id="0102030405aa"><strong>Labels</strong></p></th><th ac:local-id="c1c1c1c1-0003-4000-a000-000000000001">',
    '<p local-id="0102030405ab"><strong>Meaning</strong></p></th></tr>',
    '<tr ac:local-id="c1c1c1c1-0004-4000-a000-000000000001"><td ac:local-id="c1c1c1c1-0005-4000-a000-000000000001">',
    '<p local-id="0102030405ac">security::high</p></td><td ac:local-id="c1c1c1c1-0006-4000-a000-000000000001">',
    '<p local-id="0102030405ad">two approvals &rarr; one from the pod</p>',
    '<table data-layout="default"><tbody><tr><th><p>Merge request</p></th><th><p>Record</p></th></tr>',
    '<tr><td><p>!1</p></td><td><p>an example, not a record</p></td></tr></tbody></table></td></tr></tbody></table>',
    '<h2 local-id="99bb02cd4e5f">Reviews</h2>',
    '<table data-table-width="1800" data-layout="full-width" data-number-column="true" ',
    'ac:local-id="d4e5f6a7-1111-4222-a333-b44455566677"><colgroup><col style="width: 42.0px;" />',
    columns.map((_column, index) => `<col style="width: ${200 + index}.0px;" />`).join(''),
    '</colgroup><tbody><tr ac:local-id="e0000000-0000-4000-a000-000000000000"><th class="numberingColumn" />',
    columns.map((column, index) => cloudCell('th', 100 + index, `<strong>${column}</strong>`)).join(''),
    '</tr>',
    cloudRow(1, 'acme/payments!431', 'Bo Chen', 'security::low', '2026-07-09 15:40 UTC', 'SEC-74'),
    cloudRow(2, 'acme/identity!188', 'Dayo Okafor, Elif Meyer', 'security::high', '2026-07-21 09:14 UTC', 'SEC-81'),
    '</tbody></table><p />',
  ].join('');

/** Data Center, in the legacy editor's markup: classes and widths, bare text in cells, line breaks between tags. */
export const dataCenterAuditPage: SamplePage = (title) =>
  [
    `<p>${escape(title)}: one row for each merge.</p>`,
    '<p><ac:link><ri:user ri:userkey="8a7f808a5c1d2e3f015c1d2e4f5a0001" /></ac:link> looks after this page.</p>',
    '<table class="wrapped relative-table" style="width: 96.4%;"><colgroup><col style="width: 14.0%;" />',
    '<col style="width: 22.0%;" /><col /><col /><col /><col /></colgroup>',
    '<tbody>',
    `<tr>\n${columns.map((column) => `<th class="confluenceTh">${column}</th>`).join('\n')}\n</tr>`,
    '<tr>',
    '<td class="confluenceTd"><a href="https://gitlab.acme.example/acme/payments/-/merge_requests/431">!431</a></td>',
    '<td class="confluenceTd" colspan="1">Bo Chen<br />Dayo Okafor</td>',
    '<td class="confluenceTd">security::low</td><td class="confluenceTd"><time datetime="2026-07-09" /></td>',
    '<td class="confluenceTd">SEC&#45;74</td><td class="confluenceTd">by hand&nbsp;&ndash; see minutes</td>',
    '</tr>',
    '</tbody></table>',
    '<p><br /></p>',
  ].join('\n');

/** Two tables that a script wrote: rows directly in the table, and a heading that stands in `thead`. */
export const scriptedPage: SamplePage = (title) =>
  [
    `<h2>${escape(title)}</h2>`,
    `<table><tr>${columns.map((column) => `<th>${column}</th>`).join('')}</tr>`,
    '<tr><td>!7</td><td>Mara Lund</td><td>security::low</td><td>2026-05-02 10:00 UTC</td><td>SEC-9</td>',
    '<td>by hand</td></tr></table>',
    '<p>Exceptions, approved by the CISO:</p>',
    '<table><thead><tr><th>Merge request</th><th>Reason</th></tr></thead><tbody>',
    '<tr><td rowspan="2">!3</td><td>incident &amp; hotfix</td></tr><tr><td>followed up in !5</td></tr></tbody></table>',
  ].join('');

/** Words only: nobody has made a table yet. */
export const wordsOnlyPage: SamplePage = (title) =>
  `<p>${escape(title)} will be kept here from the next quarter on &mdash; see <ac:link><ri:page ri:content-title="Review policy" />` +
  '<ac:link-body>the policy</ac:link-body></ac:link>.</p><ul><li><p>Owner: Security</p></li></ul>';

/** Every sample by name. */
export const samplePages: Readonly<Record<string, SamplePage>> = {
  cloud: cloudAuditPage,
  dataCenter: dataCenterAuditPage,
  scripted: scriptedPage,
  wordsOnly: wordsOnlyPage,
};

function cloudRow(number: number, reference: string, reviewers: string, label: string, merged: string, issue: string) {
  const [project, iid] = reference.split('!');
  const cells = [
    `<a href="https://gitlab.acme.example/${project}/-/merge_requests/${iid}" data-card-appearance="inline">${reference}</a>`,
    reviewers,
    lozenge(label, label.endsWith('high') ? 'Red' : 'Green', number),
    merged,
    issue,
    'by hand',
  ];
  const row = `e000000${number}-0000-4000-a000-000000000000`;
  const shown = cells.map((cell, index) => cloudCell('td', number * 1000 + index, cell)).join('');
  return `<tr ac:local-id="${row}"><td class="numberingColumn">${number}</td>${shown}</tr>`;
}

function cloudCell(tag: 'td' | 'th', number: number, content: string): string {
  const digits = String(number).padStart(12, '0');
  return `<${tag} ac:local-id="f0000000-0000-4000-a000-${digits}"><p local-id="${digits}">${content}</p></${tag}>`;
}

function lozenge(title: string, colour: string, number: number): string {
  return (
    `<ac:structured-macro ac:name="status" ac:schema-version="1" ac:macro-id="ab0000${number}0-0000-4000-a000-000000000000">` +
    `<ac:parameter ac:name="title">${title}</ac:parameter><ac:parameter ac:name="colour">${colour}</ac:parameter>` +
    '</ac:structured-macro>'
  );
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
