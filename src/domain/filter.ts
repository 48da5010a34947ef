import type { MergeRequestEvent } from './event.ts';
import { matchesAny } from './pattern.ts';

export interface Filter {
  /** Full paths; with both lists empty every project is watched. */
  readonly groups: readonly string[];
  readonly projects: readonly string[];
  readonly labels: readonly string[];
  readonly targetBranches: readonly string[];
  /**
   * Patterns of watched projects where every merge request is journaled, label or no label: a label that comes late
   * then finds a full history.
   */
  readonly journalProjects: readonly string[];
  /** What takes the place of labels and branches in single projects; null where nothing does. */
  readonly overrides: readonly ScopeOverride[];
}

/** What is different in one project, by its full path. */
export interface ScopeOverride {
  readonly path: string;
  readonly labels: readonly string[] | null;
  readonly targetBranches: readonly string[] | null;
}

/** What an event means for us. Everything but `ignored` is kept. */
export type Decision =
  | { readonly kind: 'ignored'; readonly reason: 'project' | 'target_branch' | 'label' }
  /** A merge in scope: becomes a change. */
  | { readonly kind: 'merge' }
  /** Belongs to a merge request that is in scope, was, or may still come into it: goes into the journal. */
  | { readonly kind: 'journal'; readonly label: LabelTurn | null };

/** What an event did to the scope of its merge request. */
export type LabelTurn =
  | 'late' // the scope label came after the merge
  | 'withdrawn' // the scope label went before the merge
  | 'returned'; // the scope label came (back) before the merge

/** What of an event is looked at. */
export type Decided = Pick<MergeRequestEvent, 'action' | 'state' | 'labels' | 'previousLabels' | 'targetBranch'> & {
  readonly project: Pick<MergeRequestEvent['project'], 'path'>;
};

/**
 * Decides whether an event concerns us, and why not.
 * An event is in scope if its labels or its previous labels match, so that a withdrawn label is seen too. In projects
 * that are journaled whole, what is not in scope is kept all the same; such a merge becomes no change.
 */
export function decide(event: Decided, filter: Filter): Decision {
  if (!watches(filter, event.project.path)) return { kind: 'ignored', reason: 'project' };
  const { labels, targetBranches } = scopeOf(filter, event.project.path);
  if (!matchesAny(targetBranches, event.targetBranch)) return { kind: 'ignored', reason: 'target_branch' };

  const now = inScope(event.labels, { labels });
  const before = event.previousLabels === null ? now : inScope(event.previousLabels, { labels });
  if (!now && !before) {
    return isJournaled(filter, event.project.path)
      ? { kind: 'journal', label: null }
      : { kind: 'ignored', reason: 'label' };
  }
  if (event.action === 'merge') return now ? { kind: 'merge' } : { kind: 'journal', label: 'withdrawn' };
  return { kind: 'journal', label: now === before ? null : turnOf(event, now) };
}

/** Which labels and branches count in a project. */
export function scopeOf(filter: Filter, path: string): Pick<Filter, 'labels' | 'targetBranches'> {
  const own = filter.overrides.find((override) => samePath(override.path, path));
  return { labels: own?.labels ?? filter.labels, targetBranches: own?.targetBranches ?? filter.targetBranches };
}

/** True when one of the labels puts a merge request in scope. */
export function inScope(labels: readonly string[], filter: Pick<Filter, 'labels'>): boolean {
  return labels.some((label) => matchesAny(filter.labels, label));
}

function turnOf(event: Decided, now: boolean): LabelTurn | null {
  const merged = event.state === 'merged';
  if (now) return merged ? 'late' : 'returned';
  // Once it is merged the record stands; taking the label off later changes nothing.
  return merged ? null : 'withdrawn';
}

/** GitLab's paths are unique without regard to case. */
export function samePath(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isJournaled(filter: Filter, path: string): boolean {
  const patterns = filter.journalProjects.map((pattern) => pattern.toLowerCase());
  return matchesAny(patterns, path.toLowerCase());
}

/** True where a project is among those that are watched. */
export function watches(filter: Pick<Filter, 'groups' | 'projects'>, path: string): boolean {
  if (filter.groups.length === 0 && filter.projects.length === 0) return true;
  const wanted = path.toLowerCase();
  return (
    filter.projects.some((project) => samePath(project, path)) ||
    filter.groups.some((group) => wanted.startsWith(`${group.toLowerCase()}/`))
  );
}
