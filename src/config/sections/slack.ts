import { z } from 'zod';
import type { Pod as DomainPod } from '../../domain/pods.ts';
import { allowHttp, encrypted, webAddress, withoutSlash } from '../address.ts';
import { channel, labelPatterns, projectPatterns, text, userName } from '../fields.ts';
import { evenIfWrong, repeats, report, type Fault } from '../rules.ts';

const Pod = z
  .strictObject({
    name: text({ description: 'What the pod is called.', examples: ['payments'] }),
    labels: labelPatterns({ description: 'A change with one of these labels is the pod’s.' }).default([]),
    reviewers: z
      .array(userName({ description: 'A user name in GitLab, without @.', examples: ['mlund'] }))
      .default([])
      .meta({ description: 'A change that one of them reviewed is the pod’s.' }),
    projects: projectPatterns({ description: 'A change of one of these projects is the pod’s.' }).default([]),
    channel: channel({ description: 'The id of the pod’s channel.', examples: ['C0PAYMENTS'] }),
  })
  .superRefine((pod, ctx) => report(ctx, selectorFaults(pod)), evenIfWrong)
  .meta({ description: 'A group of reviewers and its channel. The first pod with any match is the change’s pod.' });

/** Slack: who is told where. */
export const Slack = z
  .strictObject({
    url: webAddress({ description: 'Address of the Web API.', examples: ['https://slack.com/api/'] }).default(
      'https://slack.com/api/',
    ),
    allow_http: allowHttp(),
    pods: z
      .array(Pod)
      .default([])
      .meta({ description: 'Groups of reviewers with a channel each, in the order in which they are tried.' }),
    fallback_channel: channel({
      description: 'The id of the channel for changes that no pod matches.',
      examples: ['C0SECURITY'],
    }),
  })
  .refine(...encrypted('url'))
  .superRefine(({ pods }, ctx) => report(ctx, nameFaults(pods)), evenIfWrong)
  .transform(({ url, pods, fallback_channel }) => ({
    // The client appends the name of the method.
    url: `${withoutSlash(url)}/`,
    pods: pods satisfies DomainPod[],
    fallbackChannel: fallback_channel,
  }))
  .meta({ description: 'Slack: who is told where.' });

export type Slack = z.infer<typeof Slack>;

function selectorFaults(pod: { labels?: unknown; reviewers?: unknown; projects?: unknown }): Fault[] {
  const selectors = [pod.labels, pod.reviewers, pod.projects];
  if (selectors.some((selector) => !Array.isArray(selector) || selector.length > 0)) return [];
  return [{ path: [], message: 'can never be chosen', hint: 'Give it labels, reviewers or projects' }];
}

function nameFaults(pods: unknown): Fault[] {
  const message = 'is the name of an earlier pod';
  return repeats(pods, 'name').map((index) => {
    return { path: ['pods', index, 'name'], message, hint: 'Give each pod a name of its own' };
  });
}
