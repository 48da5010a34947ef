import type { GitLabInspector } from '../../connectors/gitlab/inspect.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import { isBefore } from './gitlab-contact.ts';
import type { SeenTarget } from './gitlab-places.ts';
import { nameList } from './name-list.ts';

/** Whether there are approval rules, and whether their settings can be read. */
export async function checkTier(inspector: GitLabInspector, places: readonly SeenTarget[]): Promise<Check[]> {
  const told = await Promise.all(places.map((place) => inspector.hasApprovalRules(place)));
  const without = places.filter((_place, index) => told[index] === false);
  const having = places.filter((_place, index) => told[index] === true);
  const checks: Check[] = [];
  if (without.length > 0) {
    checks.push(
      warning(
        'gitlab.tier',
        `${namesOf(without)} is on the Free tier: there are no approval rules and no approval settings, so checks of them do not apply; a push leaves approvals standing; several labels of one scope can stand side by side; and every project needs a hook of its own`,
        'Premium has them. On Free nothing has to be done: after adding a project to a watched group, run `countersign enable` again',
      ),
    );
  } else if (having.length > 0) {
    checks.push(fine('gitlab.tier', 'The licence has approval rules'));
  }
  return [...checks, ...(await checkSettings(inspector, having))];
}

async function checkSettings(inspector: GitLabInspector, places: readonly SeenTarget[]): Promise<Check[]> {
  const id = 'gitlab.approval_settings';
  const told = await Promise.all(
    places.map(async (place) => {
      const project = place.kind === 'project' ? place.id : (await inspector.newestMergeRequest(place))?.projectId;
      return project === undefined ? null : inspector.mayReadSettings(project);
    }),
  );
  const hidden = places.filter((_place, index) => told[index] === false);
  if (hidden.length > 0) {
    return [
      warning(
        id,
        `The approval settings of ${namesOf(hidden)} cannot be read: whether authors and committers may approve, and whether a push takes approvals away, stays undetermined in every verdict`,
        'Give the owner of the token a higher role there (Reporter where GitLab allows it, else Maintainer), under Manage, Members',
      ),
    ];
  }
  return told.includes(true) ? [fine(id, 'Approval settings can be read')] : [];
}

/** Whether approvals say when they were given. */
export async function checkApprovalTimes(
  inspector: GitLabInspector,
  places: readonly SeenTarget[],
  version: string | null,
): Promise<Check[]> {
  const id = 'gitlab.approved_at';
  const seen = await Promise.all(places.map((place) => inspector.showsApprovalTimes(place)));
  const isOld = version !== null && isBefore(version, 18, 4);
  const isNew = version !== null && /^\d+\.\d+/.test(version) && !isBefore(version, 18, 6);
  // What was seen counts for more than what a version ought to do.
  if (seen.includes(false) || (isOld && !seen.includes(true))) {
    return [
      warning(
        id,
        'Approvals come without their times: whether one was given before the merge, and for the last revision, rests on system notes, whose wording GitLab may change',
        'Update GitLab to 18.6 or later',
      ),
    ];
  }
  return seen.includes(true) || isNew ? [fine(id, 'Approvals come with their times')] : [];
}

/** Whether the group of security reviewers has somebody in it. */
export async function checkSecurityReviewers(inspector: GitLabInspector, group: string | null): Promise<Check[]> {
  const id = 'gitlab.security_reviewers';
  if (group === null) return [];
  const members = await inspector.countMembers(group);
  if (members === null) {
    return [
      failure(
        id,
        `The group ${group} of security reviewers cannot be seen: whether one of them approved stays undetermined`,
        `Correct policy.security_reviewers.group in countersign.yaml, or add the owner of the token to ${group} as Guest`,
      ),
    ];
  }
  if (members === 0) {
    return [
      failure(
        id,
        `Nobody is in the group ${group} of security reviewers itself: no approval can count as one of theirs`,
        `Add the reviewers to ${group} directly (Manage, Members); members of groups above it do not count`,
      ),
    ];
  }
  return [fine(id, `${members} ${members === 1 ? 'member is' : 'members are'} in ${group}`)];
}

function namesOf(places: readonly SeenTarget[]): string {
  return nameList(places.map(({ path }) => path));
}
