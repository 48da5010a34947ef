import { Kind, parse, validate, visit, type DocumentNode } from 'graphql';
import { expect, test } from 'vitest';
import {
  attach,
  closableIssue,
  completedStates,
  createLabel,
  documentOf,
  issueByBranch,
  issueById,
  issueByNumber,
  issuesByUrl,
  labelsByName,
  teamsByKey,
  updateIssue,
  workspaceNames,
  type Field,
} from './documents.ts';
import { schema } from './fixtures/server.ts';
import { integrations, labelsNamed, securitySettings, teamsAfter, viewer, workspace } from './inspect-documents.ts';

const reads: readonly (readonly [string, Field])[] = [
  ['issuesByUrl', issuesByUrl('https://gitlab.example/a/-/merge_requests/1', 10)],
  ['issueByBranch', issueByBranch('sec-1')],
  ['issueByNumber', issueByNumber('SEC', 1)],
  ['issueById', issueById('SEC-1')],
  ['teamsByKey', teamsByKey(['SEC'])],
  ['workspaceNames', workspaceNames],
  ['closableIssue', closableIssue('id', 'https://example.test')],
  ['completedStates', completedStates('team')],
  ['labelsByName', labelsByName('audited', 'team')],
  ['viewer', viewer],
  ['workspace', workspace],
  ['securitySettings', securitySettings],
  ['integrations', integrations()],
  ['teamsAfter', teamsAfter('cursor')],
  ['labelsNamed', labelsNamed('audited')],
];
const writes: readonly (readonly [string, Field])[] = [
  ['createLabel', createLabel('audited', 'team')],
  ['updateIssue', updateIssue('id', { state: 's', label: 'l' })],
  ['attach', attach('id', { url: 'u', title: 't', subtitle: 's', metadata: { record: 'x', attempt: 1 } })],
];

/** Linear's rule: a tenth for a scalar, 1 for an object, a connection's children as often as the page is long. */
function pointsOf(document: DocumentNode): number {
  const pages: number[] = [];
  let points = 0;
  const factor = (): number => pages.reduce((product, page) => product * page, 1);
  visit(document, {
    Field: {
      enter(node) {
        if (node.selectionSet === undefined) points += factor() * 0.1;
        else points += factor();
        const first = node.arguments?.find(({ name }) => name.value === 'first')?.value;
        const page = first?.kind === Kind.INT ? Number(first.value) : 1;
        pages.push(page);
      },
      leave: () => void pages.pop(),
    },
  });
  return Math.ceil(points);
}

test.each([...reads.map((one) => ['query', ...one] as const), ...writes.map((one) => ['mutation', ...one] as const)])(
  'the %s %s is valid against the published schema, and costs no more than it says',
  (operation, _name, field) => {
    const document = parse(documentOf(operation, 'One', [field]).query);
    expect(validate(schema, document)).toEqual([]);
    expect(pointsOf(document)).toBeLessThanOrEqual(Math.ceil(field.cost));
  },
);

test('fields share a document without sharing values', () => {
  const { query, variables } = documentOf('query', 'Two', [issueByNumber('SEC', 1), issueByNumber('ENG', 2)]);
  expect(validate(schema, parse(query))).toEqual([]);
  expect(variables).toEqual({ key0: 'SEC', number0: 1, key1: 'ENG', number1: 2 });
});

test('no value becomes part of the text of a document', () => {
  const hostile = '") { id } evil: viewer { id } #';
  const fields = [
    issuesByUrl(hostile, 3),
    issueByBranch(hostile),
    labelsByName(hostile, hostile),
    teamsByKey([hostile]),
  ];
  expect(documentOf('query', 'Find', fields).query).not.toContain('evil');
});

test.each([
  ['reading issues', Array.from({ length: 20 }, (_, index) => closableIssue(`id-${index}`, 'https://example.test'))],
  [
    'closing issues',
    Array.from({ length: 20 }, () => [
      updateIssue('id', { state: 's', label: 'l' }),
      attach('id', { url: 'u', title: 't', metadata: {} }),
    ]).flat(),
  ],
  [
    'reading teams',
    Array.from({ length: 20 }, () => [completedStates('team'), labelsByName('audited', 'team')]).flat(),
  ],
])('%s stays under the limit of 10,000 points for a full batch', (_what, fields) => {
  expect(pointsOf(parse(documentOf('query', 'Full', fields).query))).toBeLessThan(10_000);
});

test('an update names only what it changes, and never replaces the labels', () => {
  expect(updateIssue('id', { state: 's', label: null }).values['input']?.[1]).toEqual({ stateId: 's' });
  expect(updateIssue('id', { state: null, label: 'l' }).values['input']?.[1]).toEqual({ addedLabelIds: ['l'] });
});
