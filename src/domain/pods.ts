import { matchesAny } from './pattern.ts';

/** A group of reviewers with a Slack channel. A selector that is empty selects nothing. */
export interface Pod {
  readonly name: string;
  readonly labels: readonly string[];
  /** User names, compared without case as GitLab does. */
  readonly reviewers: readonly string[];
  /** Patterns of projects, compared without case: GitLab's paths are unique without it. */
  readonly projects: readonly string[];
  /** Patterns of changed files, from the root of the repository. */
  readonly paths: readonly string[];
  /** Full paths of groups in GitLab: what one of their members reviewed is the pod's. */
  readonly groups: readonly string[];
  readonly channel: string;
}

/** What is known of a change without asking: what its webhook and its review tell. */
export interface PodFacts {
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly project: string;
}

/** Whether a pod's labels, reviewers or projects select a change. */
export function isClaimed(pod: Pod, facts: PodFacts): boolean {
  return (
    facts.labels.some((label) => matchesAny(pod.labels, label)) ||
    facts.reviewers.some((name) => pod.reviewers.some((known) => known.toLowerCase() === name.toLowerCase())) ||
    matchesAny(
      pod.projects.map((pattern) => pattern.toLowerCase()),
      facts.project.toLowerCase(),
    )
  );
}

/** The first pod, in file order, whose labels, reviewers or projects match; undefined where none does. */
export function findPod(pods: readonly Pod[], facts: PodFacts): Pod | undefined {
  return pods.find((pod) => isClaimed(pod, facts));
}

/** Whether a change of these files is a pod's. */
export function touchesPaths(pod: Pod, files: readonly string[]): boolean {
  return files.some((file) => matchesAny(pod.paths, file));
}
