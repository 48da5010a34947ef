import type { ChangeEvidence, ProjectSettings as Settings, Reading } from '../../domain/evidence.ts';
import { createHttp } from '../http.ts';
import { isOutage } from './failure.ts';
import { createLimit } from './limit.ts';
import { createMemory } from './memory.ts';
import { readList, readOne, type Connection, type Outcome } from './read.ts';
import {
  ApprovalState,
  Approvals,
  Commit,
  LabelEvent,
  MergeRequest,
  Note,
  notesOf,
  ProjectSettings,
  Reviewer,
  Version,
} from './schema.ts';

export interface GitLabOptions {
  /** Address of the instance, with its path prefix where it has one. */
  readonly url: string;
  readonly token: string;
  readonly now?: () => Date;
  /** For one request, its body included. */
  readonly timeoutMs?: number;
}

export interface ReadOptions {
  /**
   * True when there is no later: whatever cannot be read is then an answer of its own, outages included, and nothing
   * is thrown.
   */
  readonly deadline?: boolean;
}

export interface GitLab {
  /**
   * Reads everything that GitLab knows about the review of a merge request. What GitLab refuses to show is said part
   * by part; an outage is thrown, so that it never passes for a refusal, and so is a merge request that cannot be read.
   */
  readChange(change: MergeRequestKey, options?: ReadOptions): Promise<ChangeEvidence>;
}

export interface MergeRequestKey {
  readonly projectId: number;
  readonly iid: number;
}

const settingsMs = 5 * 60 * 1000;
const partsAtOnce = 4;

/** GitLab, as its REST API shows it to one token. Reads only. */
export function createGitLab(options: GitLabOptions): GitLab {
  const connection = connect(options);
  const recallSettings = createMemory<Outcome<Settings>>({
    ms: settingsMs,
    now: connection.now,
    keep: ({ error }) => error === undefined || (!isOutage(error.code) && error.code !== 'bad_response'),
  });

  return {
    async readChange({ projectId, iid }, { deadline = false } = {}) {
      const path = `/projects/${projectId}/merge_requests/${iid}`;
      const mergeRequest = await readOne(connection, 'merge_request', path, thisOne({ projectId, iid }));
      if (mergeRequest.error !== undefined && !deadline) throw mergeRequest.error;

      const limit = createLimit(partsAtOnce);
      const part = <T>(read: () => Promise<Outcome<T>>): Promise<Outcome<T>> =>
        limit(async () => {
          const outcome = await read();
          if (outcome.error !== undefined && isOutage(outcome.error.code) && !deadline) throw outcome.error;
          return outcome;
        });
      const parts = [
        part(() => readOne(connection, 'approvals', `${path}/approvals`, Approvals)),
        part(() => readOne(connection, 'approval_state', `${path}/approval_state`, ApprovalState)),
        part(() => readList(connection, 'reviewers', `${path}/reviewers`, Reviewer)),
        part(() => readList(connection, 'versions', `${path}/versions`, Version)),
        part(() => readList(connection, 'commits', `${path}/commits`, Commit)),
        part(() => readList(connection, 'label_events', `${path}/resource_label_events`, LabelEvent)),
        // Newest first unless asked otherwise.
        part(() => readList(connection, 'notes', `${path}/notes?sort=asc&order_by=created_at`, Note)),
        part(() =>
          recallSettings(projectId, () =>
            readOne(connection, 'project_approvals', `/projects/${projectId}/approvals`, ProjectSettings),
          ),
        ),
      ] as const;
      // Whatever was begun ends before this does: a change that failed is not still being asked about.
      await Promise.allSettled(parts);
      const [approvals, approvalState, reviewers, versions, commits, labelEvents, notes, settings] =
        await Promise.all(parts);

      const isFree = approvals.reading.ok && approvals.reading.value.approvalsRequired === null;
      return {
        answers: [
          mergeRequest,
          approvals,
          approvalState,
          reviewers,
          versions,
          commits,
          labelEvents,
          notes,
          settings,
        ].flatMap(({ answers }) => answers),
        mergeRequest: mergeRequest.reading,
        approvals: approvals.reading,
        approvalState: ofHigherTier(approvalState.reading, isFree),
        reviewers: reviewers.reading,
        versions: versions.reading,
        commits: commits.reading,
        labelEvents: labelEvents.reading,
        notes: notes.reading.ok ? { ...notes.reading, value: notesOf(notes.reading.value) } : notes.reading,
        projectSettings: ofHigherTier(settings.reading, isFree),
      };
    },
  };
}

function connect({ url, token, now = () => new Date(), timeoutMs }: GitLabOptions): Connection {
  const { origin, pathname } = new URL(url);
  return {
    api: `${origin}${pathname.replace(/\/+$/, '')}/api/v4`,
    token,
    now,
    http: createHttp({ vendor: 'gitlab', now, ...(timeoutMs === undefined ? {} : { timeoutMs }) }),
  };
}

// A cache on the way may mix answers up.
function thisOne(change: MergeRequestKey) {
  return MergeRequest.refine(
    ({ iid, projectId }) => iid === change.iid && projectId === change.projectId,
    'another merge request',
  );
}

/**
 * An endpoint of a higher tier that is not there. 404 alone could as well be a missing permission, which must stay
 * unknown; only where `/approvals` is in the short form of the Free tier is the licence the reason.
 */
function ofHigherTier<T>(reading: Reading<T>, isFree: boolean): Reading<T> {
  return !reading.ok && reading.code === 'not_found' && isFree ? { ...reading, code: 'not_licensed' } : reading;
}
