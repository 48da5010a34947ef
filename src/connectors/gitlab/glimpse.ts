import type { Decided } from '../../domain/filter.ts';

/**
 * What of a merge request event decides whether it concerns us, without reading the rest of it. Undefined where a body
 * is of another kind or in any way unusual: only the whole of it tells then. Where there is a glimpse, the event as it
 * is read in full says the same, or cannot be read.
 */
export function glimpseEvent(body: unknown): Decided | undefined {
  if (!isObject(body)) return undefined;
  const { object_kind: kind, object_attributes: attributes, project, labels, changes } = body;
  if (kind !== 'merge_request' || !isObject(attributes) || !isObject(project)) return undefined;
  const { action, state, target_branch: targetBranch } = attributes;
  const path = project['path_with_namespace'];
  const titles = titlesOf(labels);
  const previousLabels = previousOf(changes);
  // An action or a state that is empty is made up from other fields.
  if (!isPlain(action) || action === '' || !isPlain(state) || state === '') return undefined;
  if (!isPlain(targetBranch) || !isPlain(path) || titles === undefined || previousLabels === undefined)
    return undefined;
  return { action, state, targetBranch, project: { path }, labels: titles, previousLabels };
}

function previousOf(changes: unknown): string[] | null | undefined {
  if (changes === undefined || changes === null) return null;
  if (!isObject(changes)) return undefined;
  const labels = changes['labels'];
  if (labels === undefined || labels === null) return null;
  if (!isObject(labels)) return undefined;
  const previous = labels['previous'];
  return previous === undefined || previous === null ? null : titlesOf(previous);
}

function titlesOf(labels: unknown): string[] | undefined {
  if (!Array.isArray(labels)) return undefined;
  const titles: string[] = [];
  for (const label of labels as unknown[]) {
    const title = isObject(label) ? label['title'] : undefined;
    if (!isPlain(title)) return undefined;
    titles.push(title);
  }
  return titles;
}

// Text that stays as it is when it is cleaned.
function isPlain(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
