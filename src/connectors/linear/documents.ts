/** One root field of a document. Values go as variables and never into the text. */
export interface Field {
  /** The call; here and in the selection a value is written as `$name`. */
  readonly call: string;
  /** Name to GraphQL type and value. */
  readonly values: Readonly<Record<string, readonly [type: string, value: unknown]>>;
  readonly selection: string;
  /** Upper bound of its complexity points; one document may cost 10,000. */
  readonly cost: number;
}

export interface Document {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Puts many fields into one document: field `n` answers under the alias `f<n>`. */
export function documentOf(operation: 'query' | 'mutation', name: string, fields: readonly Field[]): Document {
  const declarations: string[] = [];
  const variables: Record<string, unknown> = {};
  const calls = fields.map(({ call, values, selection }, index) => {
    for (const [argument, [type, value]] of Object.entries(values)) {
      declarations.push(`$${argument}${index}: ${type}`);
      variables[`${argument}${index}`] = value;
    }
    return `  ${aliasOf(index)}: ${`${call} { ${selection} }`.replaceAll(/\$(\w+)/g, `$$$1${index}`)}`;
  });
  const declared = declarations.length === 0 ? '' : `(${declarations.join(', ')})`;
  return { query: `${operation} ${name}${declared} {\n${calls.join('\n')}\n}`, variables };
}

/** The alias of the field at this place. */
export function aliasOf(index: number): string {
  return `f${index}`;
}

/** A page costs its whole size, however little is on it; a finding is asked for in many places of one document. */
export const labelsFound = 25;
const labelsClosed = 50;

// With all that closing an issue needs to know of it, so that a fresh finding saves the reading before the write.
const foundIssue =
  'id identifier previousIdentifiers url title createdAt completedAt archivedAt trashed state { name type } ' +
  `team { id key } labels(first: ${labelsFound}) { nodes { id name } }`;
const foundIssueCost = 5.3 + labelsFound * 1.2;

const closedIssue =
  'id identifier url completedAt archivedAt trashed state { name type } team { id key } ' +
  `labels(first: ${labelsClosed}) { nodes { id name } }`;
const closedIssueCost = 5 + labelsClosed * 1.2;

/** The issues that carry an attachment with this address, so many at most. */
export function issuesByUrl(url: string, first: number): Field {
  return {
    call: `attachmentsForURL(url: $url, first: ${first}, includeArchived: true)`,
    values: { url: ['String!', url] },
    selection: `nodes { issue { ${foundIssue} } }`,
    cost: 1 + first * (1 + foundIssueCost),
  };
}

/** The issue to which Linear itself assigns this branch. */
export function issueByBranch(branch: string): Field {
  return {
    call: 'issueVcsBranchSearch(branchName: $branch)',
    values: { branch: ['String!', branch] },
    selection: foundIssue,
    cost: foundIssueCost,
  };
}

/** The issue with this number in the team with this key. `IssueFilter` knows no identifier. */
export function issueByNumber(key: string, number: number): Field {
  return {
    call: 'issues(first: 1, includeArchived: true, filter: { team: { key: { eq: $key } }, number: { eq: $number } })',
    values: { key: ['String!', key], number: ['Float!', number] },
    selection: `nodes { ${foundIssue} }`,
    cost: 1 + foundIssueCost,
  };
}

/** The issue with this identifier, the old one of a moved issue included. Not found is an error here. */
export function issueById(id: string): Field {
  return { call: 'issue(id: $id)', values: { id: ['String!', id] }, selection: foundIssue, cost: foundIssueCost };
}

/** Which of these team keys exist. */
export function teamsByKey(keys: readonly string[]): Field {
  const first = 100;
  return {
    call: `teams(first: ${first}, filter: { key: { in: $keys } })`,
    values: { keys: ['[String!]', keys] },
    selection: 'nodes { key }',
    cost: 1 + first * 1.1,
  };
}

/** The workspace's names in links, the earlier ones included. */
export const workspaceNames: Field = {
  call: 'organization',
  values: {},
  selection: 'urlKey previousUrlKeys',
  cost: 2,
};

/** All that decides whether and how an issue is closed, and whether it carries this attachment. */
export function closableIssue(id: string, attachmentUrl: string): Field {
  return {
    call: 'issues(first: 1, includeArchived: true, filter: { id: { eq: $id } })',
    values: { id: ['ID!', id], url: ['String!', attachmentUrl] },
    selection: `nodes { ${closedIssue} attachments(first: 1, filter: { url: { eq: $url } }) { nodes { url } } }`,
    cost: 4 + closedIssueCost,
  };
}

/** The states of a team that mean done. */
export function completedStates(team: string): Field {
  const first = 50;
  return {
    call: `workflowStates(first: ${first}, filter: { team: { id: { eq: $team } }, type: { eq: "completed" } })`,
    values: { team: ['ID!', team] },
    selection: 'nodes { id name type position }',
    cost: 1 + first * 1.4,
  };
}

/** The labels of this name that a team's issues can carry: the workspace's and its own. */
export function labelsByName(name: string, team: string): Field {
  const first = 10;
  return {
    call:
      `issueLabels(first: ${first}, filter: { name: { eqIgnoreCase: $name }, ` +
      'or: [{ team: { null: true } }, { team: { id: { eq: $team } } }] })',
    values: { name: ['String!', name], team: ['ID!', team] },
    selection: 'nodes { id name isGroup retiredAt team { id } parent { id } }',
    cost: 1 + first * 3.8,
  };
}

/** Makes a label: the workspace's, or one team's. */
export function createLabel(name: string, team: string | null): Field {
  const input = { name, color: '#4cb782', description: 'Closed with a sealed record of its review' };
  return {
    call: 'issueLabelCreate(input: $input)',
    values: { input: ['IssueLabelCreateInput!', team === null ? input : { ...input, teamId: team }] },
    selection: 'success issueLabel { id name isGroup retiredAt team { id } parent { id } }',
    cost: 5,
  };
}

/**
 * Moves an issue to a state and adds a label; either may be null. `labelIds` would replace the whole set. The answer
 * shows the issue as it then is.
 */
export function updateIssue(
  id: string,
  change: { readonly state: string | null; readonly label: string | null },
): Field {
  const input = {
    ...(change.state === null ? {} : { stateId: change.state }),
    ...(change.label === null ? {} : { addedLabelIds: [change.label] }),
  };
  return {
    call: 'issueUpdate(id: $id, input: $input)',
    values: { id: ['String!', id], input: ['IssueUpdateInput!', input] },
    selection: `success issue { ${closedIssue} }`,
    cost: 3 + closedIssueCost,
  };
}

export interface Attachment {
  readonly url: string;
  readonly title: string;
  readonly subtitle?: string;
  /** Linear keeps strings and numbers only. */
  readonly metadata: Readonly<Record<string, string | number>>;
}

/** Attaches a link. The same address on the same issue is updated, not doubled. The answer shows the issue as well. */
export function attach(issueId: string, attachment: Attachment): Field {
  return {
    call: 'attachmentCreate(input: $input)',
    values: { input: ['AttachmentCreateInput!', { issueId, ...attachment }] },
    selection: `success attachment { url issue { ${closedIssue} } }`,
    cost: 4 + closedIssueCost,
  };
}
