/**
 * The number of the merge request of the same project that this one reverts, as GitLab writes it into the description of
 * a revert; null where it does not. Anybody can type it: it is a link to look at, and no judgement rests on it.
 */
export function revertedIid(description: string, projectPath: string): number | null {
  const [, path, iid] = /^This reverts merge request (\S*)!([1-9]\d{0,14})\s*$/m.exec(description) ?? [];
  if (iid === undefined) return null;
  return path === '' || path?.toLowerCase() === projectPath.toLowerCase() ? Number(iid) : null;
}
