import type { GitLabInspector } from '../../connectors/gitlab/inspect.ts';
import { matchesAny } from '../../domain/pattern.ts';
import { readable } from '../../domain/text.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import type { SeenTarget } from './gitlab-places.ts';
import { nameList, quoted } from './name-list.ts';

/** Whether there are labels that put a merge request in scope. */
export async function checkLabels(
  inspector: GitLabInspector,
  places: readonly SeenTarget[],
  patterns: readonly string[],
): Promise<Check[]> {
  const id = 'gitlab.labels';
  if (places.length === 0) return [];
  const labels = [...new Set((await Promise.all(places.map((place) => inspector.listLabels(place)))).flat())];
  const idle = patterns.filter((pattern) => !labels.some((label) => matchesAny([pattern], label)));
  if (idle.length === 0) {
    const found = labels.filter((label) => matchesAny(patterns, label));
    return [fine(id, `Merge requests are in scope by ${nameList(found, quoted)}`)];
  }
  const near = labels.filter((label) => idle.some((pattern) => isNear(pattern, label)));
  const meant = near.length === 0 ? '' : `; there is ${nameList(near, quoted)}, which is another label`;
  const fix =
    near.length === 0
      ? 'Create the labels in GitLab (Manage, Labels), or correct filter.labels in countersign.yaml: case and every sign count, and * stands for any characters'
      : `Write the labels in filter.labels of countersign.yaml as they are, such as ${nameList(near.slice(0, 1), quoted)}, or rename them in GitLab: case and every sign count`;
  if (idle.length < patterns.length) {
    return [warning(id, `No label in use matches ${nameList(idle, quoted)}${meant}: it brings nothing in scope`, fix)];
  }
  return [failure(id, `No label in use matches ${nameList(idle, quoted)}${meant}: nothing would be recorded`, fix)];
}

/** True for a label that a pattern matches but for case, and for what stands between the words. */
export function isNear(pattern: string, label: string): boolean {
  const [wanted, has] = [plain(pattern), plain(label)];
  if (matchesAny([wanted], has)) return true;
  // `security` or `security:` for `security::*`.
  const stem = wanted.replace(/:\*$/, '');
  return stem !== wanted && !stem.includes('*') && has === stem;
}

function plain(text: string): string {
  return readable(text)
    .toLowerCase()
    .replaceAll(/[\s:/_.-]+/g, ':')
    .replaceAll(/^:|:$/g, '');
}
