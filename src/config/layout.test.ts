import { expect, it } from 'vitest';
import { ConfigFile } from './config-file.ts';
import { explainIssues } from './explain-issues.ts';
import { readYaml } from './yaml-source.ts';

const small = `gitlab: { url: 'https://gitlab.com/' }
confluence: { url: 'https://acme.atlassian.net/wiki/', page_id: 4711 }
slack: { fallback_channel: C0SECURITY }
server: { public_url: 'https://countersign.acme.example' }
`;

/** What is wrong with a file, as `line message (hint)`. */
function problems(more: string): string[] {
  const source = readYaml('c.yaml', small + more);
  const parsed = ConfigFile.safeParse(source.value);
  if (parsed.success) return [];
  return explainIssues('c.yaml', source, parsed.error.issues).map(
    ({ line, message, hint }) => `${line} ${message} (${hint})`,
  );
}

const column = (template: string): string =>
  `row:\n  columns:\n    - heading: X\n      template: ${JSON.stringify(template)}\n`;

it('takes columns and a message that name what there is', () => {
  expect(
    problems(`${column('{{ change.author | names }}')}message: { template: "{{ change.title }}\\n{{ row.url }}" }\n`),
  ).toEqual([]);
});

it.each([
  ['{{ change.titel }}', 'change.titel is not known', 'Did you mean title?'],
  ['{{ chnage.title }}', 'chnage is not known', 'Did you mean change?'],
  ['{% for r in reviewers %}{{ r.nmae }}{% endfor %}', 'r.nmae is not known', 'Did you mean name?'],
  ['{% if false %}{{ verdict.overal }}{% endif %}', 'verdict.overal is not known', 'Did you mean overall?'],
  ['{{ change.title | upcse }}', 'upcse is not a filter', 'Did you mean upcase?'],
  ['{{ change.title | raw }}', 'raw is not a filter', 'docs/templates.md lists them'],
  ['{% fro r in reviewers %}{% endfor %}', 'fro is not a tag', 'Did you mean for?'],
  ['{% include "/etc/passwd" %}', 'include is not a tag', 'Known here'],
  ['{% for r in (1..1000000000) %}x{% endfor %}', '(1..1000000000) is longer than 1000', 'Loop over a list'],
  ['{{ change.title ', 'is not a template', 'docs/templates.md'],
  ['{% if change.title %}', 'is not a template', 'docs/templates.md'],
])('says what is wrong with %s, in which line of the file, and what would be right', (template, message, hint) => {
  const [problem, ...others] = problems(column(template));
  expect(problem).toMatch(/^8 row\.columns\[0\]\.template is wrong: /);
  expect(problem).toContain(message);
  expect(problem).toContain(hint);
  expect(others).toEqual([]);
});

it('says in which line of a template of several', () => {
  expect(problems('message:\n  template: |\n    {{ change.title }}\n    {{ pot }}\n')).toEqual([
    '6 message.template is wrong in its line 2: pot is not known (Did you mean pod?)',
  ]);
});

it.each(['Record', 'evidence', 'Merge request', ' mr '])('keeps the column that %s stands for', (heading) => {
  expect(problems(`row: { columns: [{ heading: "${heading}", template: x }] }\n`)).toEqual([
    expect.stringMatching(
      /^5 row\.columns\[0\]\.heading stands for the column (Record|Merge request), which cannot be replaced/,
    ),
  ]);
});

it('takes no heading that is longer than a heading', () => {
  expect(problems(`row: { columns: [{ heading: ${'x'.repeat(101)}, template: x }] }\n`)).toEqual([
    '5 row.columns[0].heading is longer than 100 characters (Take a shorter one)',
  ]);
});

it.each([
  ['Author', 'author'],
  ['Verdict', 'Result'],
])('takes no two columns for one: %s and %s', (one, other) => {
  const both = [one, other].map((heading) => `{ heading: ${heading}, template: x }`).join(', ');
  expect(problems(`row: { columns: [${both}] }\n`)).toEqual([
    expect.stringContaining('row.columns[1].heading stands for the column of an earlier entry'),
  ]);
});
