/** What GitLab's own notes tell about a review. */
export type NoteMeaning =
  | { readonly kind: 'approved' | 'unapproved' | 'pushed' | 'merged' }
  /** Merged by something other than its own button: a commit that was pushed, or another merge request. */
  | { readonly kind: 'merged_via'; readonly source: 'commit' | 'merge_request'; readonly id: string }
  /** Approvals removed by a push. `usernames` is empty where the note names nobody: then all went. */
  | { readonly kind: 'reset'; readonly usernames: readonly string[] };

/**
 * Reads the text of a system note; null where it says nothing about the review. Only the whole text counts, since people can
 * type the same words: that is why notes that are not GitLab's own never get here.
 */
export function meaningOf(text: string): NoteMeaning | null {
  const body = text.trim();
  if (body === 'approved this merge request') return { kind: 'approved' };
  if (body === 'unapproved this merge request') return { kind: 'unapproved' };
  if (body === 'merged') return { kind: 'merged' };
  const [, source, id] = /^merged via (commit|merge request) (?:[\w./-]*[!@])?([0-9a-f]+)$/.exec(body) ?? [];
  if (id !== undefined) return { kind: 'merged_via', source: source === 'commit' ? 'commit' : 'merge_request', id };
  // The list of commits follows.
  if (/^added \d+ (?:new )?commits?\b/.test(body)) return { kind: 'pushed' };
  // The wording differs between versions; what stays is that approvals were reset, and by a push.
  if (/^reset (?:all )?approvals?\b.*\bby pushing\b/.test(body)) {
    return { kind: 'reset', usernames: [...body.matchAll(/@([\w.-]+\w|\w)/g)].map(([, name = '']) => name) };
  }
  return null;
}
