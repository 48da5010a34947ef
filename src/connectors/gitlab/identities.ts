import type { Answer, Commit, MappedIdentity, MergeRequest, Reading, VersionCommits } from '../../domain/evidence.ts';
import { readCommitAuthors, type MergeRequestAddress } from './commit-authors.ts';
import { isOutage } from './failure.ts';
import { createShelf, type ShelfOptions } from './memory.ts';
import { findByAddress, publicAddressesIn } from './public-addresses.ts';
import { failed, type Connection, type Outcome } from './read.ts';

/** What is known of a change before anybody is asked whose addresses these are. */
export interface KnownOfChange {
  readonly mergeRequest: Reading<MergeRequest>;
  readonly commits: Reading<readonly Commit[]>;
  readonly earlierCommits: Reading<readonly VersionCommits[]>;
  /** Everything that was answered about this change. */
  readonly answers: readonly Answer[];
}

export type ReadIdentities = (connection: Connection, known: KnownOfChange) => Promise<Outcome<MappedIdentity[]>>;

interface Found {
  readonly userId: number;
  readonly by: MappedIdentity['by'];
  /** What showed it; nothing where the address says it by itself. */
  readonly answers: readonly Answer[];
}

const mostSearches = 5;

/**
 * Reads whom GitLab itself takes the addresses of a change's commits for, by what costs least: the address itself, what
 * was answered already, what was found in the last minutes, the authors of the commits, a search. That GitLab does not
 * say whose an address is, or may not, is no failure; that it is away, is.
 */
export function createIdentities(memory: ShelfOptions): ReadIdentities {
  const recent = createShelf<string, Found>(memory);

  return async (connection, known) => {
    const commits = known.commits.ok ? known.commits.value : [];
    const earlier = known.earlierCommits.ok ? known.earlierCommits.value.flatMap((version) => version.commits) : [];
    const open = new Set(addressesOf([...commits, ...earlier]));
    const found = new Map<string, Found>();
    const asked: Answer[] = [];
    const settle = (email: string, one: Found | undefined): void => {
      if (one !== undefined && open.delete(email)) found.set(email, one);
    };
    const discover = (email: string, one: Found): void => {
      recent.put(email, one);
      settle(email, one);
    };

    for (const email of open) settle(email, privateOwner(email, connection.host));
    if (open.size > 0) {
      for (const { email, userId, answer } of publicAddressesIn(known.answers)) {
        settle(email, { userId, by: 'public_email', answers: [answer] });
      }
    }
    for (const email of open) settle(email, recent.get(email));

    const address = addressOf(known.mergeRequest);
    if (address !== null && commits.some(({ authorEmail }) => open.has(authorEmail.toLowerCase()))) {
      const { reading, answers, error } = await readCommitAuthors(connection, address, commits);
      asked.push(...answers);
      if (error !== undefined && isOutage(error.code)) return failed(error, asked);
      for (const { email, userId } of reading.ok ? reading.value : []) {
        discover(email, { userId, by: 'commit_author', answers });
      }
    }

    // What GitLab commits by itself, it signs with an address that is nobody's.
    const wanted = [...open].filter((email) => isAddress(email) && email !== `noreply@${connection.host}`);
    for (const [at, email] of wanted.slice(0, mostSearches).entries()) {
      const name = at === 0 ? 'user_search' : `user_search.${at + 1}`;
      const { reading, answers, error } = await findByAddress(connection, name, email);
      asked.push(...answers);
      if (error !== undefined && isOutage(error.code)) return failed(error, asked);
      // Who may not search for one, may not for the next.
      if (!reading.ok) break;
      if (reading.value !== null) discover(email, { userId: reading.value, by: 'public_email', answers });
    }

    const shown = [...found.values()].flatMap(({ answers }) => answers);
    const sources = [known.commits, known.earlierCommits].filter((reading) => reading.ok);
    return {
      reading: {
        ok: true,
        value: [...found].map(([email, { userId, by }]) => ({ email, userId, by })),
        observedAt: lastOf([...sources, ...shown]) ?? connection.now().toISOString(),
        sha256: [...new Set([...sources.flatMap((reading) => reading.sha256), ...shown.map(({ sha256 }) => sha256)])],
      },
      answers: [...new Set([...asked, ...shown])],
    };
  };
}

function addressesOf(commits: readonly Commit[]): string[] {
  return commits
    .flatMap(({ authorEmail, committerEmail }) => [authorEmail, committerEmail])
    .filter((email) => email !== '')
    .map((email) => email.toLowerCase());
}

// GitLab gives these out itself, and keeps the id in them for good: `12-aruiz@users.noreply.gitlab.com`.
function privateOwner(email: string, host: string): Found | undefined {
  const [, userId, issuer] = /^([1-9]\d{0,14})-[^@]+@users\.noreply\.([^@]+)$/.exec(email) ?? [];
  if (userId === undefined || issuer !== host) return undefined;
  return { userId: Number(userId), by: 'private_address', answers: [] };
}

function addressOf(mergeRequest: Reading<MergeRequest>): MergeRequestAddress | null {
  if (!mergeRequest.ok || mergeRequest.value.reference === null) return null;
  const { iid, reference } = mergeRequest.value;
  const [project] = reference.split('!');
  return project === undefined || project === '' ? null : { project, iid };
}

// What stands in a commit may be any text; accounts have addresses.
function isAddress(email: string): boolean {
  return email.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(email);
}

function lastOf(observed: readonly { readonly observedAt: string }[]): string | undefined {
  return observed
    .map(({ observedAt }) => observedAt)
    .toSorted()
    .at(-1);
}
