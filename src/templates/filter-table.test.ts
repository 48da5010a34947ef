import { expect, it } from 'vitest';
import { checkTemplate } from './check-template.ts';
import { parseTemplate, render } from './engine.ts';
import { filterTable, tagTable } from './filter-table.ts';
import { linesOf } from './marked.ts';
import { sampleValues } from './model.ts';
import { shownAs } from './fixtures/shown-as.ts';

it.each(filterTable.map(({ name, example, result }) => [name, example, result]))(
  '%s does what its example says',
  (name, example, result) => {
    expect(example).toMatch(new RegExp(`\\| ${name}\\b`));
    expect(checkTemplate(example)).toEqual([]);
    expect(shownAs(linesOf(render(parseTemplate(example), sampleValues())))).toBe(result);
  },
);

it.each([
  ['{{ reviewers | names }}', 'nobody', 'Bo Chen (bchen)'],
  ['{{ change.author | names }}', 'unknown', 'Ana Ruiz (aruiz)'],
  ['{{ change.merged_at | utc }}{{ change.merged_at | day }}.', '.', '2026-09-21 14:13 UTC2026-09-21.'],
  [
    '{{ change.title | link: change.url }}.',
    '.',
    'Harden token check (https://gitlab.example/acme/payments/-/merge_requests/7).',
  ],
  ['{{ labels }}{{ pod | code }}.', '.', 'security::high`payments`.'],
])('%s of what is unknown is no error', (template, bare, known) => {
  const shown = (values: object): string => shownAs(linesOf(render(parseTemplate(template), values)));
  expect(checkTemplate(template)).toEqual([]);
  expect(shown({ ...sampleValues(true), change: { author: null } })).toBe(bare);
  expect(shown(sampleValues())).toBe(known);
});

it('a link leads to an address of the web, or nowhere', () => {
  for (const url of ['javascript:alert(1)', 'data:text/html,x', '//x', 'x', '']) {
    expect(
      linesOf(render(parseTemplate('{{ change.title | link: pod }}'), { change: { title: 'T' }, pod: url })),
    ).toEqual([[{ kind: 'text', text: 'T' }]]);
  }
});

it('every tag that is offered is known, and no other', () => {
  for (const [, written] of tagTable.filter(([name]) => name !== 'break' && name !== 'continue')) {
    const whole = written
      .replaceAll('{% for one in … %}', '{% for one in labels %}')
      .replaceAll('name = …', 'name = pod')
      .replaceAll('…', 'pod')
      .replaceAll('{{ pod }}', '');
    expect(checkTemplate(whole)).toEqual([]);
  }
  for (const tag of [
    'render "x"',
    'layout "x"',
    'block x',
    'raw',
    'tablerow a in labels',
    'cycle "a"',
    'increment a',
    'liquid',
  ]) {
    expect(checkTemplate(`{% ${tag} %}`)).toEqual([
      expect.objectContaining({ message: expect.stringContaining('is not a tag') }),
    ]);
  }
});
