import type { Tier } from './model.ts';

/**
 * Behaviour that is not documented, on which documentation and source disagree, or that a server's administrator sets.
 * Each can be set while the server runs, so that a client is proved against every variant.
 */
export interface GitLabSwitches {
  approvedAtShown: boolean;
  freeSendsApproved: boolean;
  approvalNoteText: string;
  unapprovalNoteText: string;
  resetNoteText: string;
  requestedChangesNoteText: string;
  mergedNoteShown: boolean;
  stateEventOfMerge: boolean;
  labelNullAfterDeletion: boolean;
  resetAction: 'unapproved' | 'update';
  reRequestChanges: 'arrays' | 'previous_current';
  changesOfMerge: 'state_id' | 'state' | 'both';
  mergeUserIdInPayload: boolean;
  mergeParamsAs: 'text' | 'boolean';
  emailsRedacted: boolean;
  reviewersFieldOmittedWhenEmpty: boolean;
  systemHookHasAction: boolean;
  systemHookHasEventName: boolean;
  systemHookLabelsNull: boolean;
  webhookIdWithoutSigning: boolean;
  webhookUuidPerDelivery: boolean;
  instanceHeaderSent: boolean;
  hookResendKeepsTimestamp: boolean;
  redirectIsSuccess: boolean;
  autoDisable: boolean;
  silentMode: boolean;
  deliveriesPerMinute: number;
  requestsPerMinute: number;
  rateLimitHeaders: boolean;
  rateLimitName: boolean;
  xTotalShown: boolean;
  mergedAfterFilters: boolean;
  labelFilterIgnoresCase: boolean;
  keysetOfMergeRequests: 'ignored' | 'refused';
  settingsDenied: 403 | 404;
  inheritedFrom: 'group' | 'instance';
  versionEndpoint: boolean;
  fastForwardMergeCommit: 'null' | 'head';
  botUsername: 'project_bot' | 'other';
  graphqlOffered: boolean;
  commitParentsInListing: boolean;
  olderVersionsKeepFiles: boolean;
  stateEventSourceShown: boolean;
  userBotShown: boolean;
  approvalsOfDeletedUser: 'ghost' | 'deleted';
  approvalsKeptForSamePatch: boolean;
  approvalAfterMerge: boolean;
  mergeUserOfAutoMerge: 'armed' | 'merged';
  shaOfSquash: 'head' | 'squash';
}

export interface Switch<T> {
  readonly usual: T;
  /** Every value, or those worth trying where they cannot be counted. */
  readonly values: readonly T[];
  readonly about: string;
}

const yes = { usual: true, values: [true, false] } as const;
const no = { usual: false, values: [false, true] } as const;

/** Every switch: how it stands unless set otherwise, the values it takes, and what it is about. */
export const gitlabSwitches: { readonly [K in keyof GitLabSwitches]: Switch<GitLabSwitches[K]> } = {
  approvedAtShown: {
    ...yes,
    about: 'Whether approved_by[] says when. Shipped between 18.4 and 18.6; off in premium-old.',
  },
  freeSendsApproved: {
    ...yes,
    about: 'Whether Free sends approved and unapproved for every approval, or approval and unapproval.',
  },
  approvalNoteText: {
    usual: 'approved this merge request',
    values: ['approved this merge request'],
    about: 'Text of the system note of an approval.',
  },
  unapprovalNoteText: {
    usual: 'unapproved this merge request',
    values: ['unapproved this merge request'],
    about: 'Text of the system note of a withdrawn approval.',
  },
  resetNoteText: {
    usual: 'reset approvals from {names} by pushing to the branch',
    values: ['reset approvals from {names} by pushing to the branch', 'reset all approvals by pushing to the branch'],
    about: 'Text of the system note of approvals removed by a push; the wording is approximate.',
  },
  requestedChangesNoteText: {
    usual: 'requested changes',
    values: ['requested changes', 'requested changes to this merge request'],
    about: 'Text of the system note of a reviewer who asks for changes. Not confirmed.',
  },
  mergedNoteShown: {
    ...yes,
    about: 'Whether a merge leaves the system note "merged". Recorded, perhaps not everywhere.',
  },
  stateEventOfMerge: {
    ...yes,
    about: 'Whether a merge is among the state events. Client typings list fewer states than the documentation.',
  },
  labelNullAfterDeletion: {
    ...yes,
    about: 'Whether label events show null for a label that was deleted, or disappear with it.',
  },
  resetAction: {
    usual: 'unapproved',
    values: ['unapproved', 'update'],
    about: 'Action of the event of a reset: the source sends unapproved or unapproval, the documentation shows update.',
  },
  reRequestChanges: {
    usual: 'arrays',
    values: ['arrays', 'previous_current'],
    about: 'Shape of changes.reviewers when a review is asked for again; documented as two arrays.',
  },
  changesOfMerge: {
    usual: 'state_id',
    values: ['state_id', 'state', 'both'],
    about: 'How the changes of a merge event tell locked to merged. A recorded one names the state.',
  },
  mergeUserIdInPayload: { ...no, about: 'Whether a merge event carries merge_user_id; it was null in a recorded one.' },
  mergeParamsAs: {
    usual: 'text',
    values: ['text', 'boolean'],
    about: 'Whether merge_params.force_remove_source_branch is "1" or true.',
  },
  emailsRedacted: { ...yes, about: 'Whether payloads show [REDACTED] for addresses; often, but not always.' },
  reviewersFieldOmittedWhenEmpty: {
    ...no,
    about: 'Whether assignees and reviewers are left out where there are none, as older servers do.',
  },
  systemHookHasAction: { ...yes, about: 'Whether a system hook names the action; older samples do not.' },
  systemHookHasEventName: { ...no, about: 'Whether a system hook carries event_name.' },
  systemHookLabelsNull: { ...no, about: 'Whether a system hook has null for labels.' },
  webhookIdWithoutSigning: {
    ...yes,
    about: 'Whether webhook-id is sent without a signing token. The documentation says both.',
  },
  webhookUuidPerDelivery: {
    ...yes,
    about:
      'Whether X-Gitlab-Webhook-UUID is fresh for each delivery, as in the source, or one per hook, as documented.',
  },
  instanceHeaderSent: { ...yes, about: 'Whether X-Gitlab-Instance is sent. Since which version is not confirmed.' },
  hookResendKeepsTimestamp: { ...no, about: 'Whether a manual re-send has the old webhook-timestamp and signature.' },
  redirectIsSuccess: { ...yes, about: 'Whether a 3xx counts as delivered, as in the source.' },
  autoDisable: { ...yes, about: 'Whether failing hooks are disabled; a flag on self-managed.' },
  silentMode: { ...no, about: 'Whether an administrator has stopped all deliveries.' },
  deliveriesPerMinute: {
    usual: 0,
    values: [0, 1],
    about: 'Deliveries a minute and top-level group; more are dropped. 0 is no limit; GitLab.com Free has 500.',
  },
  requestsPerMinute: {
    usual: 100_000,
    values: [100_000, 2000],
    about: 'Requests a minute and user; an administrator’s choice, 2,000 on GitLab.com.',
  },
  rateLimitHeaders: { ...yes, about: 'Whether answers carry RateLimit headers; some limits answer without them.' },
  rateLimitName: { ...no, about: 'Whether RateLimit-Name is among them. Not confirmed.' },
  xTotalShown: { ...yes, about: 'Whether X-Total, X-Total-Pages and rel="last" are shown; never above 10,000 rows.' },
  mergedAfterFilters: { ...no, about: 'Whether merged_after and merged_before filter, or are ignored.' },
  labelFilterIgnoresCase: { ...no, about: 'Whether label filters ignore case. Not confirmed.' },
  keysetOfMergeRequests: {
    usual: 'ignored',
    values: ['ignored', 'refused'],
    about: 'What pagination=keyset does on a listing of merge requests, which is not known to support it.',
  },
  settingsDenied: {
    usual: 403,
    values: [403, 404],
    about: 'How approval settings answer somebody below Maintainer.',
  },
  inheritedFrom: {
    usual: 'group',
    values: ['group', 'instance'],
    about: 'What inherited_from says of a locked setting; "instance" is not confirmed.',
  },
  versionEndpoint: { ...yes, about: 'Whether GET /version is there beside /metadata.' },
  fastForwardMergeCommit: {
    usual: 'null',
    values: ['null', 'head'],
    about: 'merge_commit_sha of a fast-forward merge: null, or the commit that landed.',
  },
  botUsername: {
    usual: 'project_bot',
    values: ['project_bot', 'other'],
    about: 'Whether names of bots of access tokens begin with project_<id>_bot or group_<id>_bot. Not confirmed.',
  },
  graphqlOffered: {
    ...yes,
    about: 'Whether POST /api/graphql is there; an administrator may close it to the outside.',
  },
  commitParentsInListing: {
    ...no,
    about: 'Whether the commits of a merge request name their parents; the listing leaves parent_ids empty.',
  },
  olderVersionsKeepFiles: {
    ...no,
    about: 'Whether versions before the last keep their diffs after the merge; GitLab deletes them in the background.',
  },
  stateEventSourceShown: {
    ...yes,
    about: 'Whether state events have source_commit and source_merge_request_id; older servers do not.',
  },
  userBotShown: { ...yes, about: 'Whether users that are asked for by number say whether they are bots.' },
  approvalsOfDeletedUser: {
    usual: 'ghost',
    values: ['ghost', 'deleted'],
    about: 'Whether approvals of a deleted user become the Ghost User’s, or go. Not confirmed.',
  },
  approvalsKeptForSamePatch: {
    ...yes,
    about: 'Whether a push that leaves the patch id as it was leaves approvals as well, as in the source.',
  },
  approvalAfterMerge: { ...no, about: 'Whether a merged merge request can still be approved, as on older servers.' },
  mergeUserOfAutoMerge: {
    usual: 'armed',
    values: ['armed', 'merged'],
    about: 'Whom merge_user names after an automatic merge: who set it, or who carried it out. Documented as either.',
  },
  shaOfSquash: {
    usual: 'head',
    values: ['head', 'squash'],
    about: 'What sha is after a squash: the head of the branch, as documented, or the squash commit, as seen live.',
  },
};

/** The switches as they usually stand on a tier, with some set otherwise. */
export function usualSwitches(tier: Tier, changes: Partial<GitLabSwitches> = {}): GitLabSwitches {
  const usual = Object.fromEntries(Object.entries(gitlabSwitches).map(([name, { usual }]) => [name, usual]));
  const byTier = tier === 'premium-old' ? { approvedAtShown: false } : {};
  return { ...(usual as unknown as GitLabSwitches), ...byTier, ...changes };
}

/** Sets one switch by name; false where there is no such switch or the value is of another kind. */
export function setSwitch(switches: GitLabSwitches, name: string, value: unknown): boolean {
  if (!Object.hasOwn(gitlabSwitches, name)) return false;
  const known: Switch<unknown> = gitlabSwitches[name as keyof GitLabSwitches];
  const open = name.endsWith('PerMinute') && typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  const text = name.endsWith('Text') && typeof value === 'string' && value.length <= 500;
  if (!open && !text && !known.values.includes(value)) return false;
  Object.assign(switches, { [name]: value });
  return true;
}
