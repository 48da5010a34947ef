import type { Policy } from '../domain/policy.ts';
import type { Config } from './config.ts';

/** The policy that reviews are judged by. What `projects` says of single projects is no part of it. */
export function policyOf(config: Pick<Config, 'filter' | 'identities' | 'policy' | 'emergency'>): Policy {
  const { filter, identities, policy, emergency } = config;
  return { labels: filter.labels, identities, ...policy, emergency };
}
