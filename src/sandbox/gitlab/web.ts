import type { SandboxAnswer, SandboxRequest } from '../http.ts';
import { findProject, userOf } from './find.ts';
import { mergeStatus } from './mergeability.ts';
import type { MergeRequest, Project } from './model.ts';
import { refuseEarly } from './rest/answers.ts';
import type { World } from './world.ts';

const mergeRequestPath = /^\/(.+)\/-\/merge_requests\/(\d{1,15})\/?$/;

/** Everything that is no route of the API: the page of a merge request for people, and what is not there. */
export function answerOtherwise(
  world: World,
  request: SandboxRequest,
  methodsOf: (path: string) => boolean,
): SandboxAnswer {
  if (request.path.startsWith('/api/')) {
    return methodsOf(request.path)
      ? refuseEarly('7 method', 405, '405 Not Allowed')
      : refuseEarly('7 unknown route', 404, '404 Not Found');
  }
  const found = mergeRequestPath.exec(decode(request.path));
  const project = found === null ? undefined : findProject(world, found[1] ?? '');
  const mr = project?.mergeRequests.get(Number(found?.[2]));
  if (project === undefined || mr === undefined)
    return page('Page not found', '<h1>404</h1><p>Page not found</p>', 404);
  return page(`${mr.title} (!${mr.iid})`, describe(world, project, mr), 200);
}

function describe(world: World, project: Project, mr: MergeRequest): string {
  const names = (ids: readonly number[]): string => ids.map((id) => userOf(world, id).name).join(', ') || 'nobody';
  const labels = mr.labelIds.flatMap((id) => world.labels.get(id)?.title ?? []);
  const rows: [string, string][] = [
    ['State', mr.state],
    ['Merge check', mergeStatus(world, mr)],
    ['Author', names([mr.authorId])],
    ['Reviewers', names(mr.reviewers.map(({ userId }) => userId))],
    ['Approved by', names(mr.approvals.map(({ userId }) => userId))],
    ['Labels', labels.join(', ') || 'none'],
    ['Merged', mr.mergedAt === null ? 'no' : `${mr.mergedAt} by ${names([mr.mergeUserId ?? mr.authorId])}`],
  ];
  const notes = mr.notes.map(({ body, at, authorId }) => `<li>${escape(`${at} ${names([authorId])}: ${body}`)}</li>`);
  return `<p>${escape(project.fullPath)} <b>!${mr.iid}</b></p><h1>${escape(mr.title)}</h1>
<pre>${escape(mr.description)}</pre>
<dl>${rows.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`).join('')}</dl>
<h2>Activity</h2><ul>${notes.join('')}</ul>`;
}

function page(title: string, body: string, status: number): SandboxAnswer {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
    body: `<!doctype html><meta charset="utf-8"><title>${escape(title)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#28272d}
dt{font-weight:600}dd{margin:0 0 .5rem}pre{white-space:pre-wrap;font:inherit}</style>
<p>Fake GitLab of the Countersign sandbox</p>
${body}`,
    fact: 'gitlab web page',
  };
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
