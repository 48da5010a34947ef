import type { ThreadNote } from '../evidence.ts';
import { all, no, unknown, yes, type Finding } from '../finding.ts';
import { orderOf } from '../instant.ts';
import type { RecordInput } from '../record.ts';
import { fail, pass, undetermined, type Check } from './check.ts';
import { approvalReasons, reviewControls } from './shared.ts';

/** RC-14: no thread was open at the merge. */
export const threadsResolved: Check = {
  id: 'RC-14',
  name: 'Threads resolved',
  fields: [
    '/evidence/notes/value/threads',
    '/evidence/merge_request/value/blocking_discussions_resolved',
    '/evidence/merge_request/value/merged_at',
  ],
  controls: reviewControls,
  reasons: {
    no_open_thread: 'No thread was open at the merge.',
    thread_open: 'A thread from before the merge is still open.',
    thread_resolved_after_merge: 'A thread was resolved only after the merge.',
    resolution_time_unknown: 'A thread is resolved, and GitLab does not show since when. The thread’s page shows it.',
    thread_at_the_merge:
      'A thread was opened or resolved within two seconds of the merge: clocks cannot order them. GitLab’s logs can.',
    merge_time_unknown: approvalReasons.merge_time_unknown,
  },
  judge({ record, mergedAt }) {
    const { notes } = record.evidence;
    if (!notes.ok) return undetermined(`notes_${notes.code}`);
    const { threads } = notes.value;
    if (threads.length === 0) return pass('no_open_thread');
    if (mergedAt === null) return undetermined('merge_time_unknown');
    const allResolvedNow = resolvedAtReading(record, threads);
    const { is, why } = all(...threads.map((thread) => wasResolved(thread, mergedAt, allResolvedNow)));
    if (is === 'yes') return pass('no_open_thread');
    return is === 'no' ? fail(why) : undetermined(why);
  },
};

function wasResolved(thread: ThreadNote, mergedAt: string, allResolvedNow: boolean): Finding {
  const created = orderOf(thread.createdAt, mergedAt);
  if (created === 'after') return yes;
  if (thread.resolved && thread.resolvedAt === null) return allResolvedNow ? yes : unknown('resolution_time_unknown');
  const resolved = thread.resolvedAt === null ? 'after' : orderOf(thread.resolvedAt, mergedAt);
  if (resolved === 'before') return yes;
  if (created === 'same_instant' || resolved === 'same_instant') return unknown('thread_at_the_merge');
  return no(thread.resolved ? 'thread_resolved_after_merge' : 'thread_open');
}

// Right after the merge the state of the reading is that of the merge; long after, it says nothing about it.
function resolvedAtReading({ arrival, evidence }: RecordInput, threads: readonly ThreadNote[]): boolean {
  const { mergeRequest } = evidence;
  const said = mergeRequest.ok && mergeRequest.value.blockingDiscussionsResolved === true;
  return arrival.origin === 'webhook' && said && threads.every(({ resolved }) => resolved);
}
