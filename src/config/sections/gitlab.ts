import { z } from 'zod';
import { allowHttp, encrypted, webAddress, withoutSlash } from '../address.ts';
import { groupPath, projectPath } from '../fields.ts';
import { evenIfWrong, report, type Fault } from '../rules.ts';

/** Where GitLab is, and what of it is watched. */
export const GitLab = z
  .strictObject({
    url: webAddress({
      description: 'Address of the GitLab instance, with its path prefix where it has one.',
      examples: ['https://gitlab.com'],
    }),
    allow_http: allowHttp(),
    groups: z
      .array(groupPath({ description: 'The full path of a group.', examples: ['acme', 'acme/platform'] }))
      .default([])
      .meta({ description: 'Groups to watch, subgroups included. With no groups and no projects: everything.' }),
    projects: z
      .array(projectPath({ description: 'The full path of a project.', examples: ['acme/payments'] }))
      .default([])
      .meta({ description: 'Single projects to watch.' }),
  })
  .refine(...encrypted('url'))
  .superRefine(({ url }, ctx) => report(ctx, urlFaults(url)), evenIfWrong)
  .transform(({ url, groups, projects }) => ({ url: withoutSlash(url), groups, projects }))
  .meta({ description: 'GitLab: which instance, which groups and projects.' });

export type GitLab = z.infer<typeof GitLab>;

function urlFaults(url: unknown): Fault[] {
  if (typeof url !== 'string') return [];
  const path = ['url'];
  if (/\/api(\/v\d+)?\/*$/.test(url)) {
    return [{ path, message: 'is the address of the API, not of the instance', hint: 'Leave out /api/v4' }];
  }
  if (/^https:\/\/gitlab\.com\/+[^/?#]/i.test(url)) {
    const hint = 'Write https://gitlab.com, and name groups and projects below it';
    return [{ path, message: 'is more than the address of the instance', hint }];
  }
  return [];
}
