import type { Policy } from '../domain/policy.ts';
import type { Config } from './config.ts';

/** The policy that reviews are judged by. */
export function policyOf(config: Pick<Config, 'filter' | 'projects' | 'identities' | 'policy' | 'emergency'>): Policy {
  const { filter, projects, identities, policy, emergency } = config;
  const projectLabels = projects.flatMap(({ path, labels }) => (labels === null ? [] : [{ path, labels }]));
  return { labels: filter.labels, projectLabels, identities, ...policy, emergency };
}
