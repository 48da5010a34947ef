import { expect, test } from 'vitest';
import type { ChangeReport } from '../compose.ts';
import { describeChange, describeVerdict, type Paint } from './describe-change.ts';

type Check = ChangeReport['verdict']['checks'][number];

const plain: Paint = (_style, text) => text;
const tagged: Paint = (style, text) => `<${style}>${text}</${style}>`;

function checkOf(id: Check['id'], verdict: Check['verdict'], rest: Partial<Check> = {}): Check {
  return {
    id,
    name: `Check ${id}`,
    verdict,
    reason: 'a_reason',
    blocking: true,
    sentence: `Sentence of ${id}.`,
    about: [],
    controls: [],
    ...rest,
  };
}

const report: ChangeReport = {
  change: {
    key: 'gitlab.example/501!7',
    instance: 'gitlab.example',
    project_id: 501,
    iid: 7,
    project: 'acme/payments',
    title: 'Harden token check',
    web_url: 'https://gitlab.example/acme/payments/-/merge_requests/7',
    merged_at: '2026-09-21T14:13:25.000Z',
    capture: 'webhook',
    pod: 'payments',
  },
  verdict: {
    overall: 'fail',
    policy_sha256: 'ef'.repeat(32),
    judged_at: '2026-09-21T14:13:30.000Z',
    checks: [
      checkOf('RC-02', 'pass', { about: [13, 14] }),
      checkOf('RC-13', 'undetermined', { blocking: false }),
      checkOf('RC-06', 'fail', { about: [15] }),
      checkOf('RC-08', 'not_applicable'),
    ],
  },
  people: [
    { id: 13, username: 'bchen', name: 'Bo Chen' },
    { id: 14, username: 'mlund', name: null },
    { id: 15, username: null, name: null },
  ],
  stages: [],
  reverts: null,
  reverted_by: ['SEC-fedcba9876543210'],
  unmapped_addresses: ['kmori@laptop.local'],
  ledger: { index: null, size: 1, checkpoint: null },
  links: { gitlab: 'https://gitlab.example/7', linear: null, confluence: null, slack: null },
  record_id: 'SEC-0123456789abcdef',
  record_sha256: 'ab'.repeat(32),
  record: null,
};

const checkLines = (paint: Paint): string[] => describeChange(report, paint).filter((text) => text.includes('RC-'));

test('the verdict comes first, then the blocking checks, then the others below a heading', () => {
  const lines = describeChange(report, plain);
  expect(lines[0]).toBe('FAIL  acme/payments!7  Harden token check');
  const heading = lines.findIndex((text) => text.includes('Advisory'));
  const places = ['RC-02', 'RC-06', 'RC-08', 'RC-13'].map((id) => lines.findIndex((text) => text.includes(id)));
  expect(places).toEqual([heading - 4, heading - 3, heading - 2, heading + 1]);
});

test('a check is one line: mark, id, name, sentence and the people it is about', () => {
  expect(checkLines(plain)).toEqual([
    '  ✓ RC-02  Check RC-02  Sentence of RC-02.  [Bo Chen (bchen), mlund]',
    '  ✗ RC-06  Check RC-06  Sentence of RC-06.  [user 15]',
    '  – RC-08  Check RC-08  Sentence of RC-08.',
    '  ? RC-13  Check RC-13  Sentence of RC-13.',
  ]);
});

test('colours stand on the verdict and the marks, and what only advises is dimmed as a whole', () => {
  expect(describeChange(report, tagged)[0]).toMatch(/^<red>FAIL<\/red> {2}acme/);
  expect(checkLines(tagged).map((text) => text.slice(0, text.indexOf('Check')))).toEqual([
    '  <green>✓</green> RC-02  ',
    '  <red>✗</red> RC-06  ',
    '  <dim>–</dim> RC-08  ',
    '<dim>  ? RC-13  ',
  ]);
  expect(checkLines(tagged).at(-1)).toMatch(/<\/dim>$/);
});

test('what has not been judged says so', () => {
  const lines = describeChange({ ...report, verdict: { overall: 'undetermined', checks: [] } }, plain);
  expect(lines[0]).toMatch(/^UNDETERMINED {2}/);
  expect(lines).toContain('  not judged yet');
  expect(lines.join('\n')).not.toContain('Policy');
});

test('the verdict alone names what stands against it, and nothing else', () => {
  expect(describeVerdict(report, plain)).toEqual([
    'verdict: FAIL',
    '  ✗ RC-06  Check RC-06  Sentence of RC-06.  [user 15]',
  ]);
});

test('foreign text cannot steer the terminal', () => {
  const hostile = 'a\u001b[31m\u009b31mb\nc\u202e';
  const { change } = report;
  const lines = describeChange(
    {
      ...report,
      change: { ...change, title: hostile, project: hostile, pod: hostile },
      people: [{ id: 13, username: hostile, name: hostile }],
      links: { gitlab: hostile, linear: hostile, confluence: hostile, slack: hostile },
    },
    plain,
  );
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});
