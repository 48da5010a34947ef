const textTests = `
  contains: String
  containsIgnoreCase: String
  containsIgnoreCaseAndAccent: String
  endsWith: String
  eq: String
  eqIgnoreCase: String
  in: [String!]
  neq: String
  neqIgnoreCase: String
  nin: [String!]
  notContains: String
  notContainsIgnoreCase: String
  notEndsWith: String
  notStartsWith: String
  startsWith: String
  startsWithIgnoreCase: String`;

function equality(type: string): string {
  return `
  eq: ${type}
  in: [${type}!]
  neq: ${type}
  nin: [${type}!]`;
}

function order(type: string): string {
  return `${equality(type)}
  gt: ${type}
  gte: ${type}
  lt: ${type}
  lte: ${type}`;
}

const comparators: Readonly<Record<string, string>> = {
  StringComparator: textTests,
  NullableStringComparator: `${textTests}\n  null: Boolean`,
  SourceTypeComparator: textTests,
  IDComparator: equality('ID'),
  IssueIDComparator: equality('ID'),
  TeamVisibilityComparator: equality('TeamVisibility'),
  BooleanComparator: '\n  eq: Boolean\n  neq: Boolean',
  NumberComparator: order('Float'),
  NullableNumberComparator: `${order('Float')}\n  null: Boolean`,
  EstimateComparator: `${order('Float')}\n  and: [NullableNumberComparator!]\n  null: Boolean\n  or: [NullableNumberComparator!]`,
  DateComparator: order('DateTimeOrDuration'),
  NullableDateComparator: `${order('DateTimeOrDuration')}\n  null: Boolean`,
  NullableTimelessDateComparator: `${order('TimelessDateOrDuration')}\n  null: Boolean`,
  ContentComparator: '\n  contains: String\n  notContains: String',
};

const issue = `
  archivedAt: NullableDateComparator
  assignee: NullableUserFilter
  attachments: AttachmentCollectionFilter
  autoArchivedAt: NullableDateComparator
  autoClosedAt: NullableDateComparator
  canceledAt: NullableDateComparator
  children: IssueCollectionFilter
  comments: CommentCollectionFilter
  completedAt: NullableDateComparator
  createdAt: DateComparator
  creator: NullableUserFilter
  description: NullableStringComparator
  dueDate: NullableTimelessDateComparator
  estimate: EstimateComparator
  id: IssueIDComparator
  labels: IssueLabelCollectionFilter
  number: NumberComparator
  parent: NullableIssueFilter
  priority: NullableNumberComparator
  searchableContent: ContentComparator
  startedAt: NullableDateComparator
  state: WorkflowStateFilter
  team: TeamFilter
  title: StringComparator
  updatedAt: DateComparator`;

const team = `
  createdAt: DateComparator
  description: NullableStringComparator
  id: IDComparator
  issues: IssueCollectionFilter
  key: StringComparator
  name: StringComparator
  parent: NullableTeamFilter
  private: BooleanComparator
  retiredAt: NullableDateComparator
  updatedAt: DateComparator
  visibility: TeamVisibilityComparator`;

const state = `
  createdAt: DateComparator
  description: StringComparator
  id: IDComparator
  issues: IssueCollectionFilter
  name: StringComparator
  position: NumberComparator
  team: TeamFilter
  type: StringComparator
  updatedAt: DateComparator`;

const label = `
  createdAt: DateComparator
  creator: NullableUserFilter
  id: IDComparator
  isGroup: BooleanComparator
  name: StringComparator
  parent: IssueLabelFilter
  team: NullableTeamFilter
  updatedAt: DateComparator`;

const attachment = `
  createdAt: DateComparator
  creator: NullableUserFilter
  id: IDComparator
  sourceType: SourceTypeComparator
  subtitle: NullableStringComparator
  title: StringComparator
  updatedAt: DateComparator
  url: StringComparator`;

const user = `
  active: BooleanComparator
  admin: BooleanComparator
  app: BooleanComparator
  assignedIssues: IssueCollectionFilter
  createdAt: DateComparator
  displayName: StringComparator
  email: StringComparator
  id: IDComparator
  isMe: BooleanComparator
  name: StringComparator
  updatedAt: DateComparator`;

const comment = `
  body: StringComparator
  createdAt: DateComparator
  id: IDComparator
  issue: NullableIssueFilter
  updatedAt: DateComparator
  user: UserFilter`;

function input(name: string, fields: string): string {
  return `input ${name} {${fields}\n}`;
}

function plain(name: string, fields: string): string {
  return input(name, `\n  and: [${name}!]${fields}\n  or: [${name}!]`);
}

function nullable(kind: string, fields: string): string {
  const name = `Nullable${kind}Filter`;
  return input(name, `\n  and: [${name}!]${fields}\n  null: Boolean\n  or: [${name}!]`);
}

// Of a collection, plain fields are met by some member; `length` counts the members.
function collection(kind: string, fields: string, others = ''): string {
  const name = `${kind}CollectionFilter`;
  const members = `  every: ${kind}Filter\n  length: NumberComparator\n  some: ${kind}Filter`;
  return input(name, `\n  and: [${name}!]${fields}\n${members}${others}\n  or: [${name}!]`);
}

/** Filters and the comparisons in them. What the sandbox cannot decide is left out, so that asking for it is refused. */
export const filterTypes = [
  ...Object.entries(comparators).map(([name, fields]) => input(name, fields)),
  plain('IssueFilter', issue),
  nullable('Issue', issue),
  collection('Issue', issue),
  plain('TeamFilter', team),
  nullable('Team', team),
  plain('WorkflowStateFilter', state),
  plain('IssueLabelFilter', label),
  collection('IssueLabel', label, '\n  null: Boolean'),
  plain('AttachmentFilter', attachment),
  collection('Attachment', attachment),
  plain('UserFilter', user),
  nullable('User', user),
  plain('CommentFilter', comment),
  collection('Comment', comment),
].join('\n\n');
