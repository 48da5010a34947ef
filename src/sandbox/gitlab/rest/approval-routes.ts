import type { Routes, SandboxAnswer } from '../../http.ts';
import { eligibleFor, refuseApproval, ruleStates, settingsOf, summariseApprovals } from '../approval-state.ts';
import { maySee } from '../find.ts';
import type { ApprovalRule, ApprovalSettings, MergeRequest, Project, User } from '../model.ts';
import { isLicensed, type World } from '../world.ts';
import { groupRoute, mergeRequestRoute, projectRoute } from './access.ts';
import { forbidden, notFound, succeed } from './answers.ts';
import { showUser, showUserById } from './entities.ts';
import { paginate } from './paginate.ts';

const one = '/api/v4/projects/:id/merge_requests/:iid';

/** Approvals, the rules behind them, and the settings behind those. */
export function approvalRoutes(world: World): Routes {
  const denied = (): SandboxAnswer => (world.switches.settingsDenied === 404 ? notFound : forbidden);
  return {
    [`GET ${one}/approvals`]: mergeRequestRoute(world, {}, ({ mr, user }) => {
      if (!isLicensed(world)) return succeed('4.3 free', freeApprovals(world, mr, user));
      const fact = world.switches.approvedAtShown ? '4.3 approved_at' : '4.3 no approved_at';
      return succeed(fact, fullApprovals(world, mr, user));
    }),
    [`GET ${one}/approval_state`]: mergeRequestRoute(world, { licensed: true }, ({ mr, project, user }) =>
      succeed('4.4 approval_state', {
        approval_rules_overwritten: mr.rulesOverwritten,
        rules: ruleStates(world, mr).map(({ rule, eligible, approved, approvedBy }) => ({
          ...showRule(world, rule, { project, viewer: user, eligible }),
          code_owner: rule.type === 'code_owner',
          approved_by: approvedBy.map((user) => showUser(world, user)),
          approved,
        })),
      }),
    ),
    [`GET ${one}/approval_rules`]: mergeRequestRoute(world, { licensed: true }, (asked) =>
      paginate(asked, '4.4 approval_rules', asked.mr.rules, (rule) =>
        showRule(world, rule, { project: asked.project, viewer: asked.user }),
      ),
    ),
    'GET /api/v4/projects/:id/approval_rules': projectRoute(world, { licensed: true, role: 'reporter' }, (asked) =>
      paginate(asked, '4.4 approval_rules', asked.project.rules, (rule) =>
        showRule(world, rule, { project: asked.project, viewer: asked.user }),
      ),
    ),
    'GET /api/v4/projects/:id/approvals': projectRoute(world, { licensed: true, role: 'reporter' }, ({ project }) =>
      succeed('5 project settings', showSettings(settingsOf(world, project).values)),
    ),
    'GET /api/v4/projects/:id/merge_request_approval_setting': projectRoute(
      world,
      { licensed: true, role: 'maintainer', denied },
      ({ project }) => {
        const { values, locked } = settingsOf(world, project);
        return succeed('5 inherited settings', wrapSettings(values, locked, world.switches.inheritedFrom));
      },
    ),
    'GET /api/v4/groups/:id/merge_request_approval_setting': groupRoute(
      world,
      { licensed: true, role: 'owner', denied },
      ({ group }) => {
        const values = { ...usualSettings, ...group.lockedSettings };
        return succeed('5 inherited settings', wrapSettings(values, {}, 'group'));
      },
    ),
  };
}

const usualSettings: ApprovalSettings = {
  authorMayApprove: true,
  committersMayApprove: true,
  resetOnPush: false,
  codeOwnersOnly: false,
  rulesFixed: false,
  reauthenticate: false,
};

function approvedBy(world: World, mr: MergeRequest) {
  return mr.approvals.map(({ userId, at }) => ({
    user: showUserById(world, userId),
    ...(world.switches.approvedAtShown ? { approved_at: at } : {}),
  }));
}

function standing(world: World, mr: MergeRequest, user: User | null) {
  return {
    user_has_approved: user !== null && mr.approvals.some(({ userId }) => userId === user.id),
    user_can_approve: user !== null && refuseApproval(world, mr, user) === undefined,
  };
}

function freeApprovals(world: World, mr: MergeRequest, user: User | null) {
  return { ...standing(world, mr, user), approved: mr.approvals.length > 0, approved_by: approvedBy(world, mr) };
}

function fullApprovals(world: World, mr: MergeRequest, user: User | null) {
  const { approved, required, left } = summariseApprovals(world, mr);
  const missing = ruleStates(world, mr).filter((state) => !state.approved);
  return {
    id: mr.id,
    iid: mr.iid,
    project_id: mr.projectId,
    title: mr.title,
    description: mr.description,
    state: mr.state,
    created_at: mr.createdAt,
    updated_at: mr.updatedAt,
    merge_status: mr.hasConflicts ? 'cannot_be_merged' : 'can_be_merged',
    approved,
    approvals_required: required,
    approvals_left: left,
    require_password_to_approve: false,
    approved_by: approvedBy(world, mr),
    suggested_approvers: missing.flatMap(({ eligible }) => eligible).map((eligible) => showUser(world, eligible)),
    approvers: [],
    approver_groups: [],
    ...standing(world, mr, user),
    approval_rules_left: missing.map(({ rule }) => ({ id: rule.id, name: rule.name, rule_type: rule.type })),
    has_approval_rules: mr.rules.length > 0,
    merge_request_approvers_available: true,
    multiple_approval_rules_available: true,
  };
}

interface RuleView {
  readonly project: Project;
  readonly viewer: User | null;
  readonly eligible?: readonly User[];
}

function showRule(world: World, rule: ApprovalRule, { project, viewer, eligible }: RuleView) {
  const source = project.rules.find(({ id }) => id === rule.sourceId);
  const groups = rule.groupIds.flatMap((id) => world.groups.get(id) ?? []);
  const seen = groups.filter((group) => maySee(world, viewer, group));
  return {
    id: rule.id,
    name: rule.name,
    rule_type: rule.type,
    report_type: rule.type === 'report_approver' ? 'scan_finding' : null,
    eligible_approvers: (eligible ?? eligibleFor(world, rule)).map((user) => showUser(world, user)),
    approvals_required: rule.required,
    users: rule.userIds.map((id) => showUserById(world, id)),
    groups: seen.map(({ id, name, path, fullPath }) => ({ id, name, path, full_path: fullPath })),
    contains_hidden_groups: seen.length < groups.length,
    section: null,
    source_rule: source === undefined ? null : { id: source.id, approvals_required: source.required },
    overridden: source !== undefined && source.required !== rule.required,
  };
}

function showSettings(values: ApprovalSettings) {
  return {
    approvers: [],
    approver_groups: [],
    approvals_before_merge: 0,
    reset_approvals_on_push: values.resetOnPush,
    selective_code_owner_removals: values.codeOwnersOnly,
    disable_overriding_approvers_per_merge_request: values.rulesFixed,
    merge_requests_author_approval: values.authorMayApprove,
    merge_requests_disable_committers_approval: !values.committersMayApprove,
    require_password_to_approve: values.reauthenticate,
    require_reauthentication_to_approve: values.reauthenticate,
  };
}

// Several of these say the opposite of their twins above.
function wrapSettings(
  values: ApprovalSettings,
  locked: Partial<ApprovalSettings>,
  origin: 'group' | 'instance',
): Record<string, unknown> {
  const wrap = (name: keyof ApprovalSettings, inverted = false) => {
    const isLocked = locked[name] !== undefined;
    return { value: values[name] !== inverted, locked: isLocked, inherited_from: isLocked ? origin : null };
  };
  return {
    allow_author_approval: wrap('authorMayApprove'),
    allow_committer_approval: wrap('committersMayApprove'),
    allow_overrides_to_approver_list_per_merge_request: wrap('rulesFixed', true),
    retain_approvals_on_push: wrap('resetOnPush', true),
    selective_code_owner_removals: wrap('codeOwnersOnly'),
    require_password_to_approve: wrap('reauthenticate'),
    require_reauthentication_to_approve: wrap('reauthenticate'),
  };
}
