import type { Secret } from '../../config/secret.ts';
import type { ConnectorError } from '../../connectors/errors.ts';
import { createGitLabHooks } from '../../connectors/gitlab/hooks.ts';
import { createGitLabInspector } from '../../connectors/gitlab/inspect.ts';
import { failure, type Check } from '../check.ts';
import type { KnownSecrets } from '../hook-faults.ts';
import { attempt, tryAgain } from './attempt.ts';
import { checkContact } from './gitlab-contact.ts';
import { checkHooks } from './gitlab-hook.ts';
import { checkLabels } from './gitlab-labels.ts';
import { checkOverrides, checkPods, type NamedInGitLab } from './gitlab-named.ts';
import { checkPlaces } from './gitlab-places.ts';
import { checkApprovalTimes, checkSecurityReviewers, checkTier } from './gitlab-reviews.ts';

/** What a check of GitLab needs to know of the configuration. */
export interface GitLabToCheck {
  readonly url: string;
  readonly token: Secret;
  readonly groups: readonly string[];
  readonly projects: readonly string[];
  /** `filter.labels`, and those of single projects. */
  readonly labels: readonly string[];
  readonly securityReviewersGroup: string | null;
  readonly named: NamedInGitLab;
  readonly publicUrl: string;
  /** Which of GITLAB_SIGNING_TOKEN and GITLAB_WEBHOOK_TOKEN are set. */
  readonly webhook: KnownSecrets;
  readonly now?: () => Date;
  readonly timeoutMs?: number;
}

/** What is looked at in GitLab. */
export const gitlabChecks: Readonly<Record<string, string>> = {
  'gitlab.reachable': 'GitLab answers at the address, with its API and not with a page to sign in on.',
  'gitlab.token': 'GitLab accepts the token, and does so for another month.',
  'gitlab.scopes': 'The token has a scope by which reviews can be read.',
  'gitlab.version': 'The version of GitLab signs its webhooks.',
  'gitlab.clock': 'GitLab and this machine agree on the time.',
  'gitlab.tier': 'The licence of GitLab has approval rules and hooks of groups.',
  'gitlab.groups': 'Every configured group is there, under this path, and seen by the token.',
  'gitlab.projects': 'Every configured project is there, under this path, seen by the token, and not archived.',
  'gitlab.merge_requests': 'The owner of the token has a role by which merge requests can be read.',
  'gitlab.approval_settings': 'The approval settings of projects can be read.',
  'gitlab.approved_at': 'Approvals say when they were given.',
  'gitlab.labels': 'There are labels that put a merge request in scope.',
  'gitlab.overrides': 'Projects with rules of their own are there, under this path, and watched.',
  'gitlab.pods': 'The groups and people that pods are found by are there.',
  'gitlab.security_reviewers': 'The group of security reviewers is seen by the token, and somebody is in it.',
  'gitlab.hook': 'Merge request events of everything that is watched are sent here, with a secret that is known.',
  'gitlab.hook_url': 'The hook leads to where Countersign is by the configuration.',
};

/** Checks everything that records depend on in GitLab. Writes nothing. */
export async function checkGitLab(options: GitLabToCheck): Promise<Check[]> {
  const { url, groups, projects, labels, publicUrl, webhook, now = () => new Date() } = options;
  const access = { ...options, now, token: options.token.reveal() };
  const inspector = createGitLabInspector(access);
  const { checks: contact, identity } = await checkContact(inspector, { url, now, signing: webhook.signing });
  if (identity === null) return [...contact];

  const reviewers = attempt(checkSecurityReviewers(inspector, options.securityReviewersGroup));
  const places = await attempt(checkPlaces(inspector, { groups, projects }, identity.user));
  const seen = places.ok ? places.value.readable : [];
  const asked = await Promise.all([
    attempt(checkTier(inspector, seen)),
    attempt(checkApprovalTimes(inspector, seen, identity.server?.version ?? null)),
    attempt(checkLabels(inspector, seen, labels)),
    attempt(checkOverrides(inspector, options.named.overrides, { groups, projects })),
    attempt(checkPods(inspector, options.named.pods)),
    reviewers,
    attempt(
      checkHooks(
        { inspector, hooks: createGitLabHooks(access), publicUrl, webhook, isAdmin: identity.user?.isAdmin === true },
        seen,
      ),
    ),
  ]);
  const lost = [places, ...asked].flatMap((one) => (one.ok ? [] : [one.error]));
  return [
    ...(lost[0] === undefined ? contact : [stopped(lost[0]), ...contact.filter(({ id }) => id !== 'gitlab.reachable')]),
    ...(places.ok ? places.value.checks : []),
    ...asked.flatMap((one) => (one.ok ? one.value : [])),
  ];
}

// It answered before: whatever this is, it is said once.
function stopped(error: ConnectorError): Check {
  return failure('gitlab.reachable', `${error.message}. Not everything could be told`, tryAgain(error));
}
