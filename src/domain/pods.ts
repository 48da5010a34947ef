import { matchesAny } from './pattern.ts';

/** A group of reviewers with a Slack channel. A selector that is empty selects nothing. */
export interface Pod {
  readonly name: string;
  readonly labels: readonly string[];
  /** User names, compared without case as GitLab does. */
  readonly reviewers: readonly string[];
  readonly projects: readonly string[];
  readonly channel: string;
}

/** What a pod is chosen by. */
export interface PodFacts {
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly project: string;
}

/** The first pod, in file order, with any selector that matches; undefined where none does. */
export function findPod(pods: readonly Pod[], facts: PodFacts): Pod | undefined {
  return pods.find(
    (pod) =>
      facts.labels.some((label) => matchesAny(pod.labels, label)) ||
      facts.reviewers.some((name) => pod.reviewers.some((known) => known.toLowerCase() === name.toLowerCase())) ||
      matchesAny(pod.projects, facts.project),
  );
}
