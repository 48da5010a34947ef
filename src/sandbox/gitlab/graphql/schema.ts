import { buildSchema, type GraphQLSchema } from 'graphql';

/** The part of GitLab's schema that the sandbox serves: names, arguments and nullability are GitLab's. */
export function createSchema(): GraphQLSchema {
  return buildSchema(`
    scalar UserID

    type Query {
      project(fullPath: ID!): Project
      user(id: UserID, username: String): UserCore
      users(ids: [ID!], usernames: [String!], first: Int, after: String): UserCoreConnection
      currentUser: CurrentUser
      metadata: Metadata
    }

    type Metadata {
      version: String!
      enterprise: Boolean!
    }

    type Project {
      id: ID!
      fullPath: ID!
      name: String!
      mergeRequest(iid: String!): MergeRequest
    }

    type MergeRequest {
      id: ID!
      iid: String!
      title: String!
      author: UserCore
      commitCount: Int
      commits(first: Int, after: String): CommitConnection
      commitsWithoutMergeCommits(first: Int, after: String): CommitConnection
      committers(first: Int, after: String): UserCoreConnection
    }

    type Commit {
      id: ID!
      sha: String!
      shortId: String!
      title: String
      message: String
      parentSha: String
      authoredDate: Time
      committedDate: Time
      authorName: String
      authorEmail: String
      committerName: String
      committerEmail: String
      author: UserCore
      webUrl: String!
    }

    "Time represented in ISO 8601."
    scalar Time

    interface User {
      id: ID!
      username: String!
      name: String!
      state: UserState!
      bot: Boolean!
      human: Boolean
      publicEmail: String
      webUrl: String!
    }

    type UserCore implements User {
      id: ID!
      username: String!
      name: String!
      state: UserState!
      bot: Boolean!
      human: Boolean
      publicEmail: String
      webUrl: String!
    }

    type CurrentUser implements User {
      id: ID!
      username: String!
      name: String!
      state: UserState!
      bot: Boolean!
      human: Boolean
      publicEmail: String
      webUrl: String!
    }

    enum UserState {
      active
      blocked
      deactivated
      banned
      ldap_blocked
    }

    type PageInfo {
      hasNextPage: Boolean!
      hasPreviousPage: Boolean!
      startCursor: String
      endCursor: String
    }

    type CommitConnection {
      nodes: [Commit]
      edges: [CommitEdge]
      pageInfo: PageInfo!
    }

    type CommitEdge {
      cursor: String!
      node: Commit
    }

    type UserCoreConnection {
      nodes: [UserCore]
      edges: [UserCoreEdge]
      pageInfo: PageInfo!
    }

    type UserCoreEdge {
      cursor: String!
      node: UserCore
    }
  `);
}
