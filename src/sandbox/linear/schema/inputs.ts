const order = `
  nulls: PaginationNulls = last
  order: PaginationSortOrder
`;

/** What the mutations take, and how lists can be sorted. */
export const inputTypes = /* GraphQL */ `
input IssueSortInput {
  completedAt: CompletedAtSort
  createdAt: CreatedAtSort
  title: TitleSort
  updatedAt: UpdatedAtSort
}

input UserSortInput {
  displayName: UserDisplayNameSort
  name: UserNameSort
}

input CompletedAtSort {${order}}

input CreatedAtSort {${order}}

input TitleSort {${order}}

input UpdatedAtSort {${order}}

input UserDisplayNameSort {${order}}

input UserNameSort {${order}}

enum PaginationNulls {
  first
  last
}

enum PaginationSortOrder {
  Ascending
  Descending
}

  input IssueCreateInput {
    assigneeId: String
    createAsUser: String
    description: String
    displayIconUrl: String
    dueDate: TimelessDate
    estimate: Int
    id: String
    labelIds: [String!]
    parentId: String
    priority: Int
    stateId: String
    teamId: String!
    title: String
  }

  input IssueUpdateInput {
    addedLabelIds: [String!]
    assigneeId: String
    description: String
    dueDate: TimelessDate
    estimate: Int
    labelIds: [String!]
    parentId: String
    priority: Int
    removedLabelIds: [String!]
    stateId: String
    teamId: String
    title: String
    trashed: Boolean
  }

  input AttachmentCreateInput {
    commentBody: String
    commentBodyData: JSONObject
    createAsUser: String
    displayIconUrl: String
    groupBySource: Boolean
    iconUrl: String
    id: String
    issueId: String!
    metadata: JSONObject
    subtitle: String
    title: String!
    url: String!
  }

  input AttachmentUpdateInput {
    iconUrl: String
    metadata: JSONObject
    subtitle: String
    title: String!
  }

  input IssueLabelCreateInput {
    color: String
    description: String
    groupType: LabelGroupType
    id: String
    isGroup: Boolean
    name: String!
    parentId: String
    retiredAt: DateTime
    teamId: String
  }

  input CommentCreateInput {
    body: String
    bodyData: JSON
    createAsUser: String
    displayIconUrl: String
    doNotSubscribeToIssue: Boolean
    id: String
    issueId: String
    parentId: String
    quotedText: String
  }
`;
