/** What names a change for good: the GitLab instance, the target project and the merge request's number in it. */
export interface ChangeKey {
  /** Host of the instance, with port and path prefix where it has them: `gitlab.com`, `git.acme.example:8443/gitlab`. */
  readonly instance: string;
  readonly projectId: number;
  readonly iid: number;
}

/** `gitlab.com/501!7`: the key as text, unique over all instances. */
export function keyText(key: ChangeKey): string {
  return `${key.instance}/${key.projectId}!${key.iid}`;
}

/** The instance of a GitLab address: host, port unless the default, path prefix. */
export function instanceOf(gitlabUrl: string): string {
  const url = new URL(gitlabUrl);
  return url.host + url.pathname.replace(/\/+$/, '');
}

/** How a change came to us. */
export type CaptureOrigin = 'webhook' | 'reconciled' | 'backfilled';
