import type { UserDetails } from './evidence.ts';

export type PersonKind = 'human' | 'project_bot' | 'group_bot' | 'service_account' | 'bot' | 'ghost';

// The names that GitLab itself gives to accounts that are no people.
const namedKinds: readonly (readonly [RegExp, PersonKind])[] = [
  [/^project_\d+_bot/, 'project_bot'],
  [/^group_\d+_bot/, 'group_bot'],
  [/^service_account_/, 'service_account'],
  [/^ghost\d*$/, 'ghost'],
];

/**
 * What kind of account it is. GitLab's own mark decides where the server shows one; the names that GitLab gives to the
 * bots of access tokens, to service accounts and to the ghost that stands for deleted users decide before it.
 */
export function kindOf({ username, bot }: Pick<UserDetails, 'username' | 'bot'>): PersonKind {
  const named = namedKinds.find(([pattern]) => pattern.test(username));
  if (named !== undefined) return named[1];
  return bot === true ? 'bot' : 'human';
}
