import type * as evidence from '../../domain/evidence.ts';
import { createHttp } from '../http.ts';
import { withBudget } from './budget.ts';
import { connectionTo } from './connection.ts';
import { isOutage } from './failure.ts';
import { createIdentities } from './identities.ts';
import { readLateReviews, type LateReviews, type LateReviewSearch } from './late-reviews.ts';
import { allEnded, createLimit } from './limit.ts';
import { createMemory } from './memory.ts';
import { Note, notesOf } from './notes.ts';
import { peopleOf, readMember, readMembers, readUser } from './people.ts';
import { mapOutcome, readList, readOne, type Connection, type Outcome } from './read.ts';
import { Commit, Version } from './revisions.ts';
import { readChangedPaths, readGroupMembers, valueOrThrow } from './routing.ts';
import { ApprovalState, Approvals, LabelEvent, MergeRequest, ProjectSettings, Reviewer, StateEvent } from './schema.ts';
import { readEarlierCommits } from './versions.ts';

export interface GitLabOptions {
  /** Address of the instance, with its path prefix where it has one. */
  readonly url: string;
  readonly token: string;
  readonly now?: () => Date;
  /** For one request, its body included. */
  readonly timeoutMs?: number;
  /** For all requests about one change; a minute unless told. */
  readonly budgetMs?: number;
  /** Full path of the group of security reviewers, for instance `acme/security`. */
  readonly securityReviewersGroup?: string;
  /** Refuses every call that may write, before it leaves. */
  readonly readOnly?: boolean;
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
  readChange(change: MergeRequestKey, options?: ReadOptions): Promise<evidence.ChangeEvidence>;
  /** Reads who reviewed a merge request after its merge. Throws where that cannot be read. */
  readLateReviews(change: MergeRequestKey, search: LateReviewSearch): Promise<LateReviews>;
  /** Reads which files a merge request changed, for choosing its channel. Throws where that cannot be read. */
  readChangedPaths(change: MergeRequestKey): Promise<readonly string[]>;
  /** Reads the ids of everybody in a group, inherited members included; remembered for a while. Throws likewise. */
  readGroupMembers(group: string): Promise<readonly number[]>;
}

export interface MergeRequestKey {
  readonly projectId: number;
  readonly iid: number;
}

const memoryMs = 5 * 60 * 1000;
const partsAtOnce = 7;
const requestsAtOnce = 80;

/** GitLab, as its REST API shows it to one token, and GraphQL where REST has no word for it. Reads only. */
export function createGitLab(options: GitLabOptions): GitLab {
  const { securityReviewersGroup: group, budgetMs = 60_000, timeoutMs = 20_000, now = () => new Date() } = options;
  const instance = connect(options, now);
  const memory = { ms: memoryMs, now, keep: isWorthKeeping };
  const recallSettings = createMemory<Outcome<evidence.ProjectSettings>>(memory);
  const recallUser = createMemory<Outcome<evidence.UserDetails>>(memory);
  const recallMembers = createMemory<Outcome<number[]>>(memory);
  const recallGroup = createMemory<Outcome<number[]>>(memory);
  const readIdentities = createIdentities(memory);
  const limited = (): Connection => ({
    ...instance,
    http: withBudget(instance.http, { ms: budgetMs, requestMs: timeoutMs, now }),
  });

  return {
    async readChange({ projectId, iid }, { deadline = false } = {}) {
      const connection = limited();
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

      // Others wait for these three: the tier and the approvers stand in the first, older commits hang on the others.
      const approvalsAsked = part(() => readOne(connection, 'approvals', `${path}/approvals`, Approvals));
      const versionsAsked = part(() => readList(connection, 'versions', `${path}/versions`, Version));
      const commitsAsked = part(() => readList(connection, 'commits', `${path}/commits`, Commit));
      const licensed = async <T>(read: () => Promise<Outcome<T>>): Promise<Outcome<T>> =>
        isOfFreeTier((await approvalsAsked).reading) ? notLicensed : part(read);

      const personOf = async (id: number): Promise<Outcome<evidence.UserDetails>> => {
        const user = await part(() => recallUser(id, () => readUser(connection, id)));
        if (!isRefused(user)) return user;
        const member = await part(() => recallUser(`${projectId} ${id}`, () => readMember(connection, projectId, id)));
        const answers = [...user.answers, ...member.answers];
        return member.reading.ok ? { ...member, answers } : { ...user, answers };
      };

      // Whatever was begun ends before this does: a change that failed is not still being asked about.
      const [
        approvals,
        approvalState,
        reviewers,
        versions,
        commits,
        labelEvents,
        stateEvents,
        notes,
        settings,
        earlierCommits,
        people,
        members,
      ] = await allEnded([
        approvalsAsked,
        licensed(() => readOne(connection, 'approval_state', `${path}/approval_state`, ApprovalState)),
        part(() => readList(connection, 'reviewers', `${path}/reviewers`, Reviewer)),
        versionsAsked,
        commitsAsked,
        part(() => readList(connection, 'label_events', `${path}/resource_label_events`, LabelEvent)),
        part(() => readList(connection, 'state_events', `${path}/resource_state_events`, StateEvent)),
        // Newest first unless asked otherwise.
        part(() => readList(connection, 'notes', `${path}/notes?sort=asc&order_by=created_at`, Note)),
        licensed(() =>
          recallSettings(projectId, () =>
            readOne(connection, 'project_approvals', `/projects/${projectId}/approvals`, ProjectSettings),
          ),
        ),
        allEnded([versionsAsked, commitsAsked]).then(([versions, commits]) =>
          part(() => readEarlierCommits(connection, path, { versions, commits })),
        ),
        approvalsAsked.then((approvals) =>
          allEnded(
            peopleOf(approvals.reading).map(async (id) => ({
              id,
              ...(await personOf(id)),
            })),
          ),
        ),
        group === undefined ? null : part(() => recallMembers(group, () => readMembers(connection, group))),
      ]);

      const answers = [
        mergeRequest,
        approvals,
        approvalState,
        reviewers,
        versions,
        commits,
        labelEvents,
        stateEvents,
        notes,
        settings,
        earlierCommits,
        ...people,
        ...(members === null ? [] : [members]),
      ].flatMap((outcome) => outcome.answers);
      // Last, because the other answers may already show whose addresses these are.
      const identities = await part(() =>
        readIdentities(connection, {
          mergeRequest: mergeRequest.reading,
          commits: commits.reading,
          earlierCommits: earlierCommits.reading,
          answers,
        }),
      );

      return {
        answers: [...new Set([...answers, ...identities.answers])],
        mergeRequest: mergeRequest.reading,
        approvals: approvals.reading,
        approvalState: approvalState.reading,
        reviewers: reviewers.reading,
        versions: versions.reading,
        commits: commits.reading,
        labelEvents: labelEvents.reading,
        stateEvents: stateEvents.reading,
        notes: mapOutcome(notes, notesOf).reading,
        projectSettings: settings.reading,
        earlierCommits: earlierCommits.reading,
        people: people.map(({ id, reading }) => ({ id, details: reading })),
        identities: identities.reading,
        securityReviewers: members === null ? null : members.reading,
      };
    },

    async readLateReviews({ projectId, iid }, search) {
      const connection = limited();
      return readLateReviews(connection, `/projects/${projectId}/merge_requests/${iid}`, search, (id) =>
        recallUser(id, () => readUser(connection, id)),
      );
    },

    async readChangedPaths({ projectId, iid }) {
      return valueOrThrow(await readChangedPaths(limited(), `/projects/${projectId}/merge_requests/${iid}`));
    },

    async readGroupMembers(name) {
      return valueOrThrow(await recallGroup(name.toLowerCase(), () => readGroupMembers(limited(), name)));
    },
  };
}

/** The way to one instance. */
export function connect({ url, token, readOnly }: GitLabOptions, now: () => Date): Connection {
  return connectionTo(url, { token, now, http: createHttp({ vendor: 'gitlab', now, readOnly, most: requestsAtOnce }) });
}

// A cache on the way may mix answers up.
function thisOne(change: MergeRequestKey) {
  return MergeRequest.refine(
    ({ iid, projectId }) => iid === change.iid && projectId === change.projectId,
    'another merge request',
  );
}

// What belongs to a higher tier is answered 404 here, as a missing permission is; so it is not asked for at all.
const notLicensed: Outcome<never> = { reading: { ok: false, code: 'not_licensed', status: null }, answers: [] };

/** Only Free says nothing of how many approvals are required. */
function isOfFreeTier(approvals: evidence.Reading<evidence.Approvals>): boolean {
  return approvals.ok && approvals.value.approvalsRequired === null;
}

function isRefused({ error }: Outcome<unknown>): boolean {
  return error?.code === 'forbidden' || error?.code === 'not_found';
}

/** A refusal stays for a while; what may heal at any moment is asked again. */
function isWorthKeeping({ error }: Outcome<unknown>): boolean {
  return error === undefined || (!isOutage(error.code) && error.code !== 'bad_response');
}
