import { accountsOf, idsByUsername } from './accounts.ts';
import type { Commit } from './evidence.ts';
import { no, unknown, yes, type Finding } from './finding.ts';
import { kindOf } from './people.ts';
import type { Policy } from './policy.ts';
import type { RecordInput } from './record.ts';

/** *C* of the checks: who had a hand in the change, in any of its versions. */
export interface Contributors {
  readonly ids: ReadonlySet<number>;
  /** How many commit addresses belong to nobody known: any approver might be behind one of them. */
  readonly unmapped: number;
  /** The code of what could not be read, where somebody may be missing; null where everybody is there. */
  readonly missing: string | null;
}

/**
 * The author, the authors and committers of the commits of all versions, and who pushed. GitLab's own mapping of an
 * address comes first, then `identities` of the policy; an address that neither knows stays unmapped.
 */
export function contributorsOf(input: RecordInput, policy: Pick<Policy, 'identities'>): Contributors {
  const { evidence, journal } = input;
  const author = authorIdOf(input);
  const ids = new Set<number>(author === null ? [] : [author]);
  for (const { oldRev, userId } of journal) if (oldRev !== null && userId !== null) ids.add(userId);
  if (evidence.notes.ok) {
    for (const note of evidence.notes.value.system) {
      if (note.author !== null && note.meaning?.kind === 'pushed') ids.add(note.author.id);
    }
  }

  const { mapped, unmapped } = ownersOf(input, policy);
  for (const userId of mapped.values()) ids.add(userId);
  return { ids, unmapped: unmapped.length, missing: missingOf(input) };
}

/** Addresses of commits of which neither GitLab nor the policy says whose they are. */
export function unmappedAddresses(input: RecordInput, policy: Pick<Policy, 'identities'>): readonly string[] {
  return ownersOf(input, policy).unmapped;
}

function ownersOf(input: RecordInput, policy: Pick<Policy, 'identities'>) {
  const { evidence, arrival } = input;
  const shown = new Map(
    evidence.identities.ok ? evidence.identities.value.map(({ email, userId }) => [email, userId]) : [],
  );
  const byName = idsByUsername(accountsOf(evidence, arrival));
  const own = new Map(
    policy.identities.flatMap(({ username, id, emails }) =>
      emails.map((email) => [email.toLowerCase(), id ?? byName.get(username.toLowerCase())] as const),
    ),
  );
  const mapped = new Map<string, number>();
  const unmapped: string[] = [];
  for (const address of addressesOf(input)) {
    // A name that nobody here has may be misspelt, and hide the one who approved: it says nothing without its id.
    const userId = shown.get(address) ?? own.get(address);
    if (userId === undefined) unmapped.push(address);
    else mapped.set(address, userId);
  }
  return { mapped, unmapped };
}

/** Whether a user had a hand in the change. */
export function isContributor(userId: number, { ids, unmapped, missing }: Contributors): Finding {
  if (ids.has(userId)) return yes;
  if (missing !== null) return unknown(missing);
  return unmapped > 0 ? unknown('unmapped_commit_identity') : no('not_a_contributor');
}

/**
 * Null where the author is unknown. GitLab shows its ghost in place of an author whose account was deleted, in its
 * answers as in hooks that come later; hooks from before name the author.
 */
export function authorIdOf({
  evidence,
  arrival,
  journal,
}: Pick<RecordInput, 'evidence' | 'arrival' | 'journal'>): number | null {
  const shown = evidence.mergeRequest.ok ? evidence.mergeRequest.value.author : null;
  if (shown === null) return arrival.event.authorId;
  if (kindOf({ username: shown.username, bot: null }) !== 'ghost') return shown.id;
  const { authorId } = arrival.event;
  if (authorId !== null && authorId !== shown.id) return authorId;
  return journal.find(({ action }) => action === 'open')?.userId ?? null;
}

function addressesOf({ evidence, key }: Pick<RecordInput, 'evidence' | 'key'>): Set<string> {
  const commits: Commit[] = [
    ...(evidence.commits.ok ? evidence.commits.value : []),
    ...(evidence.earlierCommits.ok ? evidence.earlierCommits.value.flatMap((version) => version.commits) : []),
  ];
  const authors = commits.map(({ authorEmail }) => authorEmail.toLowerCase());
  const committers = commits.map(({ committerEmail }) => committerEmail.toLowerCase());
  return new Set([...authors, ...committers.filter((address) => !isServersOwn(address, key.instance))]);
}

function missingOf({ evidence }: Pick<RecordInput, 'evidence'>): string | null {
  if (!evidence.commits.ok) return `commits_${evidence.commits.code}`;
  if (evidence.commits.value.length === 0) return 'no_commits_shown';
  if (!evidence.earlierCommits.ok) return `earlier_commits_${evidence.earlierCommits.code}`;
  if (!evidence.identities.ok) return `identities_${evidence.identities.code}`;
  // They tell who pushed, where no hook did.
  return evidence.notes.ok ? null : `notes_${evidence.notes.code}`;
}

// Commits that GitLab makes on its pages are committed by the server itself; their author is the person. So as an author
// it would hide somebody's hand, and is an address like any other.
function isServersOwn(address: string, instance: string): boolean {
  const host = instance.split(/[/:]/)[0] ?? '';
  return address === `noreply@${host}` || address === 'noreply@gitlab.com';
}
