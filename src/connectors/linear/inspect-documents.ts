import type { Field } from './documents.ts';

/** Who the credential is. */
export const viewer: Field = {
  call: 'viewer',
  values: {},
  selection: 'name admin owner app',
  cost: 2,
};

/** The workspace that it opens. */
export const workspace: Field = { call: 'organization', values: {}, selection: 'name urlKey', cost: 2 };

/** Who may do what in it. A field of its own, so that a refusal costs nothing else. */
export const securitySettings: Field = {
  call: 'organization',
  values: {},
  selection: 'securitySettings',
  cost: 2,
};

/** What the workspace is connected with. */
export function integrations(): Field {
  const first = 100;
  return {
    call: `integrations(first: ${first})`,
    values: {},
    selection: 'nodes { service }',
    cost: 1 + first * 1.1,
  };
}

/** A page of the teams that the credential reaches. */
export function teamsAfter(cursor: string | null): Field {
  const first = 100;
  return {
    call: `teams(first: ${first}, after: $after)`,
    values: { after: ['String', cursor] },
    selection: 'nodes { id key name visibility retiredAt } pageInfo { hasNextPage endCursor }',
    cost: 1 + first * (2.5 + 0.2),
  };
}

/** Every label of this name: the workspace's and each team's. */
export function labelsNamed(name: string): Field {
  const first = 100;
  return {
    call: `issueLabels(first: ${first}, filter: { name: { eqIgnoreCase: $name } })`,
    values: { name: ['String!', name] },
    selection: 'nodes { id name isGroup retiredAt team { id key } parent { id } }',
    cost: 1 + first * 3.7,
  };
}
