import type { MergeRequestView } from '../gitlab/operations/view.ts';
import type { FakeSlack } from '../slack/slack.ts';
import { fallbackChannel, pods } from './people.ts';

/** Builds a channel for every pod, and one for everything else. */
export function seedChannels(slack: FakeSlack): void {
  for (const { name, channel } of pods) slack.createChannel({ id: channel, name: `${name}-reviews` });
  slack.createChannel(fallbackChannel);
  slack.createChannel({ id: 'C0GENERAL', name: 'general', member: false });
  slack.post('C0GENERAL', { text: 'Lunch at noon?', user: 'wbauer' });
}

/** Posts what the review bot said when the review was asked for. */
export function seedRouting(slack: FakeSlack, mr: MergeRequestView): void {
  const label = mr.labels.find(({ title }) => title.startsWith('security::'));
  if (label === undefined) return;
  const pod = pods.find(
    ({ projects, labels, reviewers }) =>
      labels.includes(label.title) ||
      projects.some((pattern) => pattern === mr.project || isBelow(mr.project, pattern)) ||
      mr.reviewers.some(({ username }) => reviewers.includes(username)),
  );
  const names = mr.reviewers.map(({ username }) => `@${username}`).join(' ');
  const link = `<${mr.webUrl}|${mr.project}!${mr.iid}>`;
  slack.post(pod?.channel ?? fallbackChannel.id, {
    app: 'router',
    text: `New \`${label.title}\` review: ${link} by ${mr.author}. ${names} please take a look.`,
  });
}

function isBelow(project: string, pattern: string): boolean {
  return pattern.endsWith('*') && project.startsWith(pattern.slice(0, -1));
}
