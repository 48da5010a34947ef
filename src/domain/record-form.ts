import type { Json } from '@countersign/ledger';

/**
 * Text that a record shows as it is. All other text is concealed, so that a field added later is too, until somebody
 * decides that it names no person and was typed by none. `parent.key` opens a key under one parent only.
 */
const openText: ReadonlySet<string> = new Set([
  'action',
  'actionedAt',
  'approvedAt',
  'askedAt',
  'authenticatedBy',
  'baseSha',
  'by',
  'code',
  'committedAt',
  'createdAt',
  'endCause',
  'end',
  'event.url',
  'headSha',
  'how',
  'id',
  'identifier',
  'identifiers',
  'kind',
  'label.name',
  'labelIds.title',
  'labels',
  'mergeCommitSha',
  'mergedAt',
  'observedAt',
  'oldRev',
  'origin',
  'parents',
  'patchId',
  'preparedAt',
  'previousLabels',
  'previousState',
  'project.path',
  'project.webUrl',
  'receivedAt',
  'reference',
  'resolvedAt',
  'sha',
  'sha256',
  'source',
  'squashCommitSha',
  'start',
  'startSha',
  'state',
  'state.name',
  'stateAtEnd',
  'stateAtStart',
  'status',
  'systemAction',
  'type',
  'updatedAt',
  'value.webUrl',
]);

// Listings come in an order that GitLab chose; only in these does it mean something.
const ordered: ReadonlySet<string> = new Set(['parents', 'sha256', 'events']);

const erasedMark = 'erased:';

/** True for what stands in place of a text that has been erased from the disclosures. */
export function isErased(text: string): boolean {
  return text.startsWith(erasedMark) && text.length === erasedMark.length + 64;
}

/** What our own shapes look like in a record: keys in snake case, text concealed, listings in one order. */
export function toForm(value: unknown, conceal: (text: string) => Json, key = '', parent = ''): Json {
  if (typeof value === 'string') {
    return openText.has(key) || openText.has(`${parent}.${key}`) ? value : conceal(value);
  }
  if (Array.isArray(value)) {
    const elements = ordered.has(key) ? value : value.toSorted(compareElements);
    return elements.map((element) => toForm(element, conceal, key, parent));
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object') throw new TypeError(`A record cannot hold a ${typeof value}`);
  return Object.fromEntries(
    inOrderOfName(value).flatMap(([name, part]) =>
      part === undefined ? [] : [[snakeCase(name), toForm(part, conceal, name, key)]],
    ),
  );
}

/**
 * Reads back what {@link toForm} wrote. Text whose disclosure is gone comes back as a mark that names its digest, so that
 * equal texts are still equal.
 */
export function fromForm(form: Json, open: (digest: string) => Json | undefined): unknown {
  if (Array.isArray(form)) return form.map((element) => fromForm(element, open));
  if (typeof form !== 'object' || form === null) return form;
  if ('concealed' in form && typeof form.concealed === 'string') {
    return open(form.concealed) ?? `${erasedMark}${form.concealed}`;
  }
  return Object.fromEntries(Object.entries(form).map(([name, part]) => [camelCase(name), fromForm(part, open)]));
}

function compareElements(left: unknown, right: unknown): number {
  const [one, other] = [orderKey(left), orderKey(right)];
  return one === other ? 0 : one < other ? -1 : 1;
}

// By time where there is one, then by id: what a reader expects, and the same whatever order it came in.
function orderKey(element: unknown): string {
  if (typeof element === 'number') return String(element).padStart(20, '0');
  if (typeof element !== 'object' || element === null) return String(element);
  const parts = new Map<string, unknown>(Object.entries(element));
  const time = ['createdAt', 'committedAt', 'observedAt'].map((name) => parts.get(name)).find(isText) ?? '';
  const own = ['id', 'user'].map((name) => parts.get(name)).find((part) => typeof part === 'number' || isObject(part));
  return `${time} ${own === undefined ? '' : orderKey(own)} ${sortedJson(element)}`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}

/** The members of an object by name: concealed in that order, whatever the order in which they were set. */
export function inOrderOfName<T>(value: Readonly<Record<string, T>> | object): [string, T][] {
  return Object.entries<T>({ ...value }).toSorted(([left], [right]) => (left < right ? -1 : 1));
}

// A record has a hundred kinds of members and thousands of them.
const snakes = new Map<string, string>();

/** `mergedAt` → `merged_at`. Meant for the names of our own shapes, which are few: each is remembered. */
export function snakeCase(name: string): string {
  let snake = snakes.get(name);
  if (snake === undefined)
    snakes.set(name, (snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)));
  return snake;
}

/** `merged_at` → `mergedAt`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
