import { z } from 'zod';
import type { GitIdentity } from '../git-model.ts';
import type { User } from '../model.ts';
import type { NewCommit } from '../revisions.ts';
import { identityOf } from '../repository.ts';
import type { World } from '../world.ts';
import { needUser, word } from './define.ts';

/** A commit by users, or by any names and addresses: Git believes whatever it is told. */
export const commitInput = z.strictObject({
  title: word,
  author: word.optional(),
  authorName: word.optional(),
  authorEmail: word.optional(),
  committer: word.optional(),
  committerName: word.optional(),
  committerEmail: word.optional(),
  paths: z.array(word).max(3000).optional(),
});

/** Commits as an operation names them; whatever is not said is as of the person who pushes. */
export function readCommits(
  world: World,
  inputs: readonly z.output<typeof commitInput>[],
  { by, paths }: { readonly by: User; readonly paths: readonly string[] },
): NewCommit[] {
  const identify = (username?: string, name?: string, email?: string): GitIdentity => {
    const known = identityOf(username === undefined ? by : needUser(world, username));
    return { name: name ?? known.name, email: email ?? known.email };
  };
  return inputs.map((input) => ({
    title: input.title,
    author: identify(input.author, input.authorName, input.authorEmail),
    committer: identify(input.committer, input.committerName, input.committerEmail),
    paths: input.paths ?? paths,
  }));
}
