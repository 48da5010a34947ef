import { isConnectorError, type ConnectorError } from '../../connectors/errors.ts';
import type { GitLab, MergeRequestKey } from '../../connectors/gitlab/client.ts';
import { isOutage } from '../../connectors/gitlab/failure.ts';
import { isClaimed, touchesPaths, type Pod } from '../../domain/pods.ts';
import { readable } from '../../domain/text.ts';

export interface PodParts {
  readonly gitlab: Pick<GitLab, 'readChangedPaths' | 'readGroupMembers'>;
  readonly pods: readonly Pod[];
}

/** What a pod is chosen by. */
export interface Routed {
  readonly key: MergeRequestKey;
  readonly labels: readonly string[];
  readonly reviewers: readonly { readonly id: number; readonly username: string }[];
  readonly project: string;
  /** The subject of what is listed about this change alone. */
  readonly subject: string;
}

/** Something that GitLab did not show, so that it matched nothing. */
export interface NotShown {
  readonly subject: string;
  readonly code: string;
  /** For people: names the group or the project. */
  readonly detail: string;
}

export interface PodChoice {
  /** Undefined where no pod matches. */
  readonly pod: Pod | undefined;
  readonly notShown: readonly NotShown[];
  /** Subjects of what GitLab did show. */
  readonly shown: readonly string[];
}

/**
 * Chooses the first pod in file order that a change matches. GitLab is asked for changed files and members of groups
 * only where a pod before it names them. What GitLab does not show matches nothing, and is told; an outage is thrown,
 * unless `late`: then it is told likewise.
 */
export async function choosePod(parts: PodParts, routed: Routed, late: boolean): Promise<PodChoice> {
  const notShown = new Map<string, NotShown>();
  const shown = new Set<string>();
  const read = async <T>(subject: string, what: string, load: () => Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      const rows = await load();
      shown.add(subject);
      return rows;
    } catch (error) {
      if (!isConnectorError(error) || (!late && isOutage(error.code))) throw error;
      notShown.set(subject, { subject, code: error.code, detail: detailOf(what, error) });
      return [];
    }
  };

  let files: readonly string[] | undefined;
  const readFiles = async (): Promise<readonly string[]> => {
    const name = `${readable(routed.project, 200)}!${routed.key.iid}`;
    files ??= await read(routed.subject, `The files that ${name} changed`, () =>
      parts.gitlab.readChangedPaths(routed.key),
    );
    return files;
  };
  const isReviewedBy = async (group: string): Promise<boolean> => {
    const members = await read(groupSubject(group), `The members of the group ${group}`, () =>
      parts.gitlab.readGroupMembers(group),
    );
    return routed.reviewers.some(({ id }) => members.includes(id));
  };

  const reviewers = routed.reviewers.map(({ username }) => username);
  const isMatch = async (pod: Pod): Promise<boolean> => {
    if (isClaimed(pod, { ...routed, reviewers })) return true;
    // Members are remembered from change to change, files are not: so members first.
    if (reviewers.length > 0) for (const group of pod.groups) if (await isReviewedBy(group)) return true;
    return pod.paths.length > 0 && touchesPaths(pod, await readFiles());
  };

  for (const pod of parts.pods) {
    if (await isMatch(pod)) return { pod, notShown: [...notShown.values()], shown: [...shown] };
  }
  return { pod: undefined, notShown: [...notShown.values()], shown: [...shown] };
}

/** What stands on the list of findings for a group, whatever the change. */
export function groupSubject(group: string): string {
  return `group ${group}`;
}

function detailOf(what: string, { message }: ConnectorError): string {
  return `${what} could not be read, so no pod was chosen by them: ${message}`;
}
