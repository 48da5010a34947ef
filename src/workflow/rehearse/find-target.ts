import type { FindChange, FoundChange } from '../../connectors/gitlab/find-change.ts';
import { instanceOf } from '../../domain/change.ts';
import { samePath } from '../../domain/filter.ts';
import type { ChangeName } from '../../domain/name.ts';
import { readable } from '../../domain/text.ts';
import type { Target } from './read-change.ts';

/** What came of looking for a merge request by the name that somebody typed. */
export type SoughtTarget =
  | {
      readonly kind: 'found';
      readonly target: Target;
      /** The path that was asked for, where the project has another one now. */
      readonly movedFrom: string | null;
    }
  | { readonly kind: 'none'; readonly code: NoTarget; readonly message: string };

export type NoTarget = 'no_address' | 'elsewhere' | 'hidden' | 'not_merged';

/** Finds a merged merge request by its address or its reference, and says what there is instead where it cannot. */
export async function findTarget(
  parts: { readonly findChange: FindChange; readonly gitlabUrl: string },
  name: ChangeName,
): Promise<SoughtTarget> {
  if (name.kind === 'record') {
    return none('no_address', 'Name it by its address or as group/project!7: no record is looked up for this.');
  }
  const place = name.kind === 'url' ? placeOf(name.url, parts.gitlabUrl) : referenceOf(name, parts.gitlabUrl);
  if (place === undefined) {
    return none('elsewhere', `That is no merge request on ${parts.gitlabUrl}, the GitLab that is configured.`);
  }
  const found = await parts.findChange(place);
  const shown = `${readable(place.project, 300)}!${place.iid}`;
  if (found.kind !== 'merged') return none(found.kind, sentenceOf(found, shown));
  const { key, project } = found;
  const isNumber = /^\d+$/.test(place.project);
  const movedFrom = isNumber || samePath(project.path, place.project) ? null : place.project;
  return { kind: 'found', target: { key, project }, movedFrom };
}

function none(code: NoTarget, message: string): SoughtTarget {
  return { kind: 'none', code, message };
}

function sentenceOf(found: Exclude<FoundChange, { kind: 'merged' }>, shown: string): string {
  if (found.kind === 'hidden') {
    return found.what === 'project'
      ? `${shown} cannot be found: GitLab shows no such project. It is gone, or hidden from the token.`
      : `${shown} cannot be found: GitLab shows no such merge request in its project. It is gone, or the token may not read merge requests there.`;
  }
  return `${shown} is not merged: ${states.get(found.state) ?? readable(found.state, 50)}. Only what is merged can be tried.`;
}

const states: ReadonlyMap<string, string> = new Map([
  ['opened', 'it is open'],
  ['closed', 'it was closed without being merged'],
  ['locked', 'it is being merged at this moment'],
]);

interface Place {
  readonly project: string;
  readonly iid: number;
}

function placeOf(address: string, gitlabUrl: string): Place | undefined {
  if (!URL.canParse(address)) return undefined;
  const { host, pathname } = new URL(address);
  const base = new URL(gitlabUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  if (host !== base.host || !pathname.startsWith(`${prefix}/`)) return undefined;
  // Before 12.x without the dash.
  const [, project, iid] = /^\/(.+?)(?:\/-)?\/merge_requests\/(\d{1,15})$/.exec(pathname.slice(prefix.length)) ?? [];
  if (project === undefined || iid === undefined) return undefined;
  return { project: decoded(project), iid: Number(iid) };
}

// A change's key names its project by number: `gitlab.com/501!7`.
function referenceOf({ project, iid }: Place, gitlabUrl: string): Place {
  const keyed = `${instanceOf(gitlabUrl)}/`;
  const number = project.startsWith(keyed) ? project.slice(keyed.length) : '';
  return { project: /^\d+$/.test(number) ? number : project, iid };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
