import { type Outcome } from './messages.ts';

/** What a verified pack does not show, whatever it says of itself. */
export function notProven({ ok, trustedBy, since, pack }: Outcome): string[] {
  const always = [
    'That a verdict is a good one: that a pack holds says that its verdicts are those that were sealed, not that they are passes.',
    'That GitLab told the truth, or that a review was done well. A record says what GitLab answered, and when.',
    'That every merge was recorded: one of which no word reached Countersign is in no log.',
    'When something was sealed: the time stamps in the pack are not verified here. Its README says how to do that.',
    'What README.md says: it is only known to be the file that was signed.',
  ];
  const more: string[] = [];
  if (!ok) more.push('Anything about what was not reached: the list above ends where nothing more could be told.');
  if (trustedBy === 'pack') more.push('Who made the pack: no key was given that comes from elsewhere.');
  if (since?.holds !== true) {
    more.push('That the log was not made anew by whoever holds its key: only a head that you have kept can show that.');
  }
  if (pack?.scope.kind === 'changes') more.push('Anything about changes that are not in the pack.');
  if (pack?.scope.kind === 'period') more.push('Anything about changes outside of its period.');
  if (pack?.scope.kind === 'sample') {
    more.push('That the nonce of the sample is yours: compare the one in sample.json with the one that you named.');
  }
  return [...more, ...always];
}
