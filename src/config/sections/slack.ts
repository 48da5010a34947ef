import { z } from 'zod';
import type { Pod as DomainPod } from '../../domain/pods.ts';
import { allowHttp, encrypted, webAddress, withoutSlash } from '../address.ts';
import { channel, groupPath, labelPatterns, projectPatterns, text, userName, type About } from '../fields.ts';
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
    paths: z
      .array(
        filePattern({
          description: 'A file in the repository; * stands for any characters.',
          examples: ['services/payments/*'],
        }),
      )
      .default([])
      .meta({ description: 'A change of one of these files is the pod’s.' }),
    groups: z
      .array(groupPath({ description: 'The full path of a group in GitLab.', examples: ['acme/payments-reviewers'] }))
      .default([])
      .meta({
        description: 'A change that a member of one of these groups reviewed is the pod’s; inherited members count.',
      }),
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

/** A pattern for files as GitLab names them: from the root of the repository, without a slash before it. */
function filePattern(about: About) {
  return text(about).refine((pattern) => !/^\.?\/|\/$|\\|(?:^|\/)\.\.?(?:\/|$)/.test(pattern), {
    error: 'can match no file',
    params: {
      hint: 'Begin at the root of the repository, without a slash; only * is special, as in services/payments/*',
    },
  });
}

const selectors = ['labels', 'reviewers', 'projects', 'paths', 'groups'] as const;

function selectorFaults(pod: { readonly [Name in (typeof selectors)[number]]?: unknown }): Fault[] {
  const given = selectors.map((name) => pod[name]);
  if (given.some((selector) => !Array.isArray(selector) || selector.length > 0)) return [];
  return [{ path: [], message: 'can never be chosen', hint: 'Give it labels, reviewers, projects, paths or groups' }];
}

function nameFaults(pods: unknown): Fault[] {
  const message = 'is the name of an earlier pod';
  return repeats(pods, 'name').map((index) => {
    return { path: ['pods', index, 'name'], message, hint: 'Give each pod a name of its own' };
  });
}
