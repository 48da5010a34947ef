import type { StateEvent } from './evidence.ts';
import { byTime } from './instant.ts';
import type { NoteMeaning } from './note-meaning.ts';
import type { RecordInput } from './record.ts';

/** How a merge request came to be merged. */
export type Landing =
  /** By its own button, its auto-merge or its train. `sha` is what landed on the target branch. */
  | { readonly kind: 'merged'; readonly sha: string }
  /** Somebody pushed its commits to the target branch. */
  | { readonly kind: 'pushed'; readonly commit: string | null }
  /** Another merge request carried its commits. */
  | { readonly kind: 'carried'; readonly mergeRequestId: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** Tells a merge through the merge request from a push to its target and from a merge through another one. */
export function landingOf({ evidence, arrival }: RecordInput): Landing {
  const { mergeRequest, stateEvents } = evidence;
  if (!mergeRequest.ok) return { kind: 'unknown', why: `merge_request_${mergeRequest.code}` };
  if (!stateEvents.ok) return { kind: 'unknown', why: `state_events_${stateEvents.code}` };

  const merge = mergeEventOf(stateEvents.value);
  const noted = mergeNoteOf(evidence.notes);
  // Servers that do not show the source of a state event still write it into their note.
  const source =
    merge?.source ??
    (noted?.kind === 'merged_via'
      ? { kind: noted.source, id: noted.source === 'commit' ? noted.id : `!${noted.id}` }
      : null);
  if (source?.kind === 'merge_request') return { kind: 'carried', mergeRequestId: source.id };
  if (source?.kind === 'commit') return { kind: 'pushed', commit: source.id };

  const { state, mergeCommitSha, squashCommitSha, sha } = mergeRequest.value;
  if (state !== 'merged') return { kind: 'unknown', why: 'not_shown_as_merged' };
  const landed = mergeCommitSha ?? squashCommitSha ?? sha;
  if (landed === null) return { kind: 'unknown', why: 'landed_commit_not_shown' };
  // GitLab locks a merge request while it merges it. One that was open until it was merged, GitLab only noticed; what
  // brought it there, the state event says, on servers that show it.
  const { action, previousState } = arrival.event;
  if (merge?.source === null || previousState === 'locked') return { kind: 'merged', sha: landed };
  if (action === 'merge' && previousState === 'opened') return { kind: 'unknown', why: 'open_until_merged' };
  if (noted?.kind === 'merged') return { kind: 'merged', sha: landed };
  return { kind: 'unknown', why: merge === undefined ? 'merge_not_among_state_events' : 'merge_source_not_shown' };
}

function mergeNoteOf(notes: RecordInput['evidence']['notes']): NoteMeaning | undefined {
  const meanings = notes.ok ? notes.value.system.map(({ meaning }) => meaning) : [];
  const merges = meanings.filter((meaning) => meaning?.kind === 'merged' || meaning?.kind === 'merged_via');
  // Merged, reopened by a revert of the push, merged again: whichever was not plain decides.
  return merges.find((meaning) => meaning?.kind === 'merged_via') ?? merges[0] ?? undefined;
}

function mergeEventOf(events: readonly StateEvent[]): StateEvent | undefined {
  const merges = events.filter(({ state }) => state === 'merged');
  return merges.toSorted((left, right) => byTime(left.createdAt, right.createdAt) || left.id - right.id).at(-1);
}
