/** The space and the titles of its pages. */
export const auditSpace = { key: 'SEC', name: 'Security' };
export const auditTitle = 'Security review audit trail';

/** The audit page as people have kept it so far: words, a note, and a table with two rows of their own. */
export const auditBody = [
  '<p>Every merge request with a security label is listed here once it is merged. The page is part of control ',
  '<strong>AC-7</strong> and is read by our auditors. Questions go to the Security team.</p>',
  '<ac:structured-macro ac:name="info" ac:schema-version="1"><ac:rich-text-body>',
  '<p>Please do not edit rows. Mistakes are corrected by a further row.</p>',
  '</ac:rich-text-body></ac:structured-macro>',
  '<h2>Reviews of this quarter</h2>',
  '<table data-layout="full-width"><tbody>',
  '<tr><th><p><strong>Merge request</strong></p></th><th><p><strong>Reviewers</strong></p></th>',
  '<th><p><strong>Labels</strong></p></th><th><p><strong>Merged</strong></p></th>',
  '<th><p><strong>Issue</strong></p></th><th><p><strong>Verdict</strong></p></th>',
  '<th><p><strong>Record</strong></p></th></tr>',
  '<tr><td><p>acme/identity!188 &mdash; Expire magic links</p></td><td><p>Dayo Okafor, Elif Meyer</p></td>',
  '<td><p>security::high</p></td><td><p>2026-07-02 09:14 UTC</p></td><td><p>SEC-71</p></td><td><p>pass</p></td>',
  '<td><p>by hand</p></td></tr>',
  '<tr><td><p>acme/payments!431 &mdash; Drop TLS 1.1</p></td><td><p>Bo Chen</p></td>',
  '<td><p>security::low</p></td><td><p>2026-07-09 15:40 UTC</p></td><td><p>SEC-74</p></td><td><p>pass</p></td>',
  '<td><p>by hand</p></td></tr>',
  '</tbody></table>',
  '<h2>What the columns mean</h2>',
  '<ul><li><p><strong>Verdict</strong>: whether the review satisfied every control.</p></li>',
  '<li><p><strong>Record</strong>: the number of the signed record behind the row.</p></li></ul>',
].join('');

/** A page beside it. */
export const policyBody = [
  '<p>Merge requests with a <code>security::</code> label need two approvals, one of them by the pod that looks after ',
  'the project. Authors do not approve their own changes.</p>',
].join('');
