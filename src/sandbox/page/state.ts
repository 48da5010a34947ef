import { faultKinds } from '../faults.ts';
import type { Sandbox } from '../sandbox.ts';

const mostIssues = 100;
const mostMessages = 50;

/** Everything the page shows, except for the calls. No secrets. */
export function takeState({ gitlab, linear, confluence, slack, faults }: Sandbox): object {
  return {
    gitlab: gitlab.snapshot(),
    linear: { issues: issuesOf(linear) },
    confluence: { pages: pagesOf(confluence) },
    slack: { channels: channelsOf(slack) },
    faults: { kinds: faultKinds, active: faults.list() },
  };
}

function issuesOf(linear: Sandbox['linear']): object[] {
  return linear
    .issues()
    .toSorted((left, right) => (left.updatedAt < right.updatedAt ? 1 : -1))
    .slice(0, mostIssues)
    .map((issue) => ({
      identifier: issue.identifier,
      title: issue.title,
      state: { name: issue.state.name, type: issue.state.type },
      labels: issue.labels.map(({ name }) => name),
      updatedAt: issue.updatedAt,
      attachments: issue.attachments.map(({ title, subtitle, url }) => ({ title, subtitle, url })),
      comments: issue.comments.map(({ body }) => body),
    }));
}

function pagesOf(confluence: Sandbox['confluence']): object[] {
  return confluence
    .pages()
    .filter(({ status }) => status === 'current')
    .map((page) => {
      const latest = confluence.versions(page.id).at(-1);
      return {
        id: page.id,
        title: page.title,
        version: page.version,
        updatedAt: latest?.createdAt,
        message: latest?.message,
        webUrl: page.url,
        // The version makes the frame load again when the page has changed.
        previewUrl: `${page.url}${page.url.includes('?') ? '&' : '?'}version=${page.version}`,
      };
    });
}

function channelsOf(slack: Sandbox['slack']): object[] {
  return slack.channels().map(({ id, name }) => ({
    id,
    name,
    messages: slack
      .messages(id)
      .slice(-mostMessages)
      .map((message) => ({
        author: message.own ? 'Countersign' : message.author.userId,
        own: message.own,
        at: new Date(Number.parseFloat(message.ts) * 1000).toISOString(),
        lines: message.rendered.lines,
        edited: message.edited,
        reply: message.reply,
      })),
  }));
}
