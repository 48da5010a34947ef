import { z } from 'zod';
import type { Commit } from '../../domain/evidence.ts';
import { ConnectorError } from '../errors.ts';
import { flagOrNull, textOrNull, text } from './fields.ts';
import { mostPages, parseAnswer, readPart, type Connection, type Outcome } from './read.ts';

/** The author is a user only here; REST shows nothing but the text that stands in the commit. */
const query = `query ($path: ID!, $iid: String!, $after: String) {
  project(fullPath: $path) {
    mergeRequest(iid: $iid) {
      commits(first: 100, after: $after) {
        nodes { sha authorEmail author { id } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

const UserGid = z
  .string()
  .regex(/^gid:\/\/gitlab\/User\/\d{1,15}$/)
  .transform((gid) => Number(gid.slice('gid://gitlab/User/'.length)));

const CommitNode = z.object({
  sha: text,
  authorEmail: textOrNull,
  author: z.object({ id: UserGid }).nullish(),
});

/** One page of the commits of a merge request, as GraphQL shows them. */
export const CommitAuthors = z
  .object({
    data: z.object({
      project: z.object({
        mergeRequest: z.object({
          commits: z.object({
            nodes: z.array(CommitNode),
            pageInfo: z.object({ hasNextPage: flagOrNull, endCursor: textOrNull }).nullish(),
          }),
        }),
      }),
    }),
    // GraphQL says what went wrong beside whatever it could read.
    errors: z.tuple([]).nullish(),
  })
  .transform(({ data }) => data.project.mergeRequest.commits);

export interface MergeRequestAddress {
  /** `acme/payments` */
  readonly project: string;
  readonly iid: number;
}

export interface AuthoredAddress {
  /** In lower case. */
  readonly email: string;
  readonly userId: number;
}

/**
 * Reads whose commits GitLab takes these for. It counts only for a commit that REST listed with the same address, and
 * an address that would be two people's is nobody's.
 */
export function readCommitAuthors(
  connection: Connection,
  { project, iid }: MergeRequestAddress,
  commits: readonly Commit[],
): Promise<Outcome<readonly AuthoredAddress[]>> {
  const listed = new Map(commits.map(({ id, authorEmail }) => [id, authorEmail.toLowerCase()]));
  return readPart(connection, 'commit_authors', async (ask) => {
    const owners = new Map<string, Set<number>>();
    let after: string | null = null;
    for (let page = 0; page < mostPages; page++) {
      const answer = await ask(connection.graphql, { query, variables: { path: project, iid: String(iid), after } });
      const { nodes, pageInfo } = parseAnswer(CommitAuthors, answer);
      for (const { sha, authorEmail, author } of nodes) {
        const email = listed.get(sha);
        if (author === null || author === undefined || email === undefined) continue;
        // A server that does not show the address here still names the commit, whose address REST has shown.
        if (authorEmail !== null && authorEmail.toLowerCase() !== email) continue;
        owners.set(email, (owners.get(email) ?? new Set()).add(author.id));
      }
      if (pageInfo?.hasNextPage !== true) return soleOwners(owners);
      if (pageInfo.endCursor === null || pageInfo.endCursor === after) throw endless('leads nowhere');
      after = pageInfo.endCursor;
    }
    throw endless('is longer than can be kept');
  });
}

function soleOwners(owners: ReadonlyMap<string, ReadonlySet<number>>): AuthoredAddress[] {
  return [...owners].flatMap(([email, [userId, ...others]]) =>
    userId === undefined || others.length > 0 ? [] : [{ email, userId }],
  );
}

function endless(what: string): ConnectorError {
  return new ConnectorError({
    vendor: 'gitlab',
    code: 'bad_response',
    message: `The listing of commit authors ${what}`,
  });
}
