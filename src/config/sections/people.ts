import { z } from 'zod';
import { allowHttp, encrypted, webAddress, withoutSlash } from '../address.ts';
import { branchPatterns, count, channel, labelPatterns, orNothing, projectPath, text, userName } from '../fields.ts';
import { messageTemplate, Row } from './layout.ts';
import { evenIfEntriesWrong, repeatFaults, report, type Fault } from '../rules.ts';

const Identity = z
  .strictObject({
    username: userName({ description: 'The user name in GitLab.', examples: ['bchen'] }),
    id: orNothing(
      count(
        {
          description:
            'The number of the account in GitLab. With it the entry holds for every change, and after a change of name.',
          examples: [13],
        },
        { min: 1, max: Number.MAX_SAFE_INTEGER },
      ),
    ).default(null),
    emails: z
      .array(text({ description: 'An address in commits.', examples: ['bo@acme.example'] }).regex(/^\S+@\S+$/))
      .min(1)
      .meta({ description: 'The addresses of this person in commits.' }),
  })
  .meta({ description: 'One person.' });

/** Which commit addresses belong to whom, where GitLab does not know. */
export const Identities = z
  .array(Identity)
  .superRefine((identities, ctx) => {
    report(ctx, repeatFaults(identities, 'username', 'List all addresses of a person in one entry'));
    report(ctx, sharedAddressFaults(identities));
  }, evenIfEntriesWrong)
  .meta({ description: 'Which commit addresses belong to whom, where GitLab does not know.' });

export type Identities = z.infer<typeof Identities>;

/** Who looks after Countersign. */
export const Operators = z
  .strictObject({
    channel: orNothing(
      channel({
        description: 'Not in effect yet: the id of the channel that hears of trouble.',
        examples: ['C0OPERATORS'],
      }),
    ).default(null),
  })
  .meta({ description: 'Who looks after Countersign.' });

export type Operators = z.infer<typeof Operators>;

/** Signing in to the console, by OpenID Connect. */
export const SignIn = z
  .strictObject({
    issuer: webAddress({ description: 'Address of the identity provider.', examples: ['https://id.acme.example'] }),
    allow_http: allowHttp(),
    client_id: text({ description: 'The name under which Countersign is known there.', examples: ['countersign'] }),
  })
  .refine(...encrypted('issuer'))
  .transform(({ issuer, client_id }) => ({ issuer: withoutSlash(issuer), clientId: client_id }))
  .meta({ description: 'Not in effect yet: signing in to the console, by OpenID Connect.' });

export type SignIn = z.infer<typeof SignIn>;

const Project = z
  .strictObject({
    path: projectPath({ description: 'The full path of the project.', examples: ['acme/payments'] }),
    labels: labelPatterns({ description: 'Takes the place of filter.labels.' }).min(1).optional(),
    target_branches: branchPatterns({ description: 'Takes the place of filter.target_branches.' }).min(1).optional(),
    row: Row.optional().meta({ description: 'Takes the place of row.' }),
    message: z
      .strictObject({ template: messageTemplate('Takes the place of message.template.') })
      .optional()
      .meta({ description: 'The confirmations about this project.' }),
  })
  .transform(({ path, labels, target_branches, row, message }) => ({
    path,
    labels: labels ?? null,
    targetBranches: target_branches ?? null,
    columns: row?.columns ?? null,
    messageTemplate: message?.template ?? null,
  }))
  .meta({ description: 'What is different in one project.' });

/** What is different in single projects. */
export const Projects = z
  .array(Project)
  .superRefine(
    (projects, ctx) => report(ctx, repeatFaults(projects, 'path', 'Keep one of the two')),
    evenIfEntriesWrong,
  )
  .meta({ description: 'What is different in single projects.' });

export type Projects = z.infer<typeof Projects>;

const Addresses = z.array(z.object({ emails: z.array(z.string().catch('')) }).catch({ emails: [] }));

// Nobody could say whose commits they are.
function sharedAddressFaults(identities: unknown): Fault[] {
  const owners = new Map<string, number>();
  return Addresses.parse(identities).flatMap(({ emails }, index) =>
    emails.flatMap((email, at) => {
      const address = email.trim().toLowerCase();
      const owner = owners.get(address) ?? index;
      owners.set(address, owner);
      if (address === '' || owner === index) return [];
      const hint = 'Leave each address with the one person whose it is';
      return [{ path: [index, 'emails', at], message: 'is an address of an earlier entry', hint }];
    }),
  );
}
