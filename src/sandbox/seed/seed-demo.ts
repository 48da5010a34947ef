import type { FakeConfluence } from '../confluence/confluence.ts';
import type { FakeGitLab } from '../gitlab/gitlab.ts';
import type { FakeLinear } from '../linear/linear.ts';
import type { FakeSlack } from '../slack/slack.ts';
import { mergedScenarios, openScenarios } from './scenarios.ts';
import { auditBody, auditSpace, auditTitle, policyBody } from './seed-confluence.ts';
import { playScenario, seedGroups } from './seed-gitlab.ts';
import { seedIssue, seedTeams } from './seed-linear.ts';
import { seedChannels, seedRouting } from './seed-slack.ts';

export interface SeededVendors {
  readonly gitlab: FakeGitLab;
  readonly linear: FakeLinear;
  readonly confluence: FakeConfluence;
  readonly slack: FakeSlack;
}

/** Fills the vendors with a company that works: people, projects, channels, and merge requests in every state. */
export function seedDemo({ gitlab, linear, confluence, slack }: SeededVendors, { mergeRequests = true } = {}): void {
  seedGroups(gitlab);
  seedTeams(linear);
  seedChannels(slack);
  confluence.createSpace(auditSpace);
  confluence.createPage({ space: auditSpace.key, title: auditTitle, body: auditBody });
  if (!mergeRequests) return;
  confluence.createPage({ space: auditSpace.key, title: 'Review policy', body: policyBody });
  for (const scenario of [...mergedScenarios, ...openScenarios]) {
    const mr = playScenario(gitlab, scenario);
    seedIssue(linear, scenario, mr);
    if (mr.state === 'opened') seedRouting(slack, mr);
  }
}
