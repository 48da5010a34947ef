import type { MergeRequestEvent } from './event.ts';
import { inScope, scopeOf, type Filter } from './filter.ts';

/** One event of a merge request's journal, as a record holds it. */
export interface JournalLine {
  readonly action: string;
  /** Of the merge request, when GitLab told of the event. */
  readonly state: string;
  readonly actionedAt: string | null;
  readonly updatedAt: string | null;
  readonly receivedAt: string;
  readonly userId: number | null;
  readonly headSha: string | null;
  readonly oldRev: string | null;
  readonly title: string;
  readonly targetBranch: string;
  readonly labels: readonly string[];
  readonly previousLabels: readonly string[] | null;
  readonly reviewers: readonly { readonly id: number; readonly state: string | null }[];
  readonly system: boolean;
  readonly systemAction: string | null;
  /** Digest of the delivery's body; null where that delivery was kept under another event. */
  readonly sha256: string | null;
  /** `signing_token` or `secret_token`. */
  readonly authenticatedBy: string | null;
}

// A stale time of the last update says nothing about this event; deliveries take seconds.
const freshMs = 120_000;
const aheadMs = 5000;

/**
 * When an event happened. Servers from 18.10 say so; before, the merge request's last update is that moment where the
 * delivery came soon after it, and otherwise the arrival is all there is.
 */
export function timeOf(line: Pick<JournalLine, 'actionedAt' | 'updatedAt' | 'receivedAt'>): string {
  if (line.actionedAt !== null) return line.actionedAt;
  if (line.updatedAt === null) return line.receivedAt;
  const delay = Date.parse(line.receivedAt) - Date.parse(line.updatedAt);
  return delay <= freshMs && delay >= -aheadMs ? line.updatedAt : line.receivedAt;
}

/**
 * The journal in order of happening, each event once: the same whatever the order in which deliveries came, and
 * however often the same event was told.
 */
export function inOrder(journal: readonly JournalLine[]): JournalLine[] {
  const once = new Map<string, JournalLine>();
  for (const line of journal) {
    const said = whatWasSaid(line);
    const known = once.get(said);
    if (known === undefined || arrivalKey(line) < arrivalKey(known)) once.set(said, line);
  }
  const keyed = [...once].map(([said, line]) => ({ line, key: `${timeOf(line)} ${said}` }));
  return keyed.toSorted((left, right) => (left.key < right.key ? -1 : 1)).map(({ line }) => line);
}

// Two hooks that tell the same event differ in how it reached us, and in nothing else. Begins with the place that an
// event has among others of the same moment.
function whatWasSaid(line: JournalLine): string {
  const reviewers = line.reviewers.map(({ id, state }) => `${id} ${state}`).toSorted();
  return JSON.stringify([
    line.action === 'open' ? 0 : line.action === 'merge' ? 2 : 1,
    line.oldRev === null ? 1 : 0,
    line.action,
    line.state,
    line.userId,
    line.headSha,
    line.oldRev,
    line.actionedAt,
    line.updatedAt,
    line.system,
    line.systemAction,
    line.title,
    line.targetBranch,
    line.labels.toSorted(),
    line.previousLabels?.toSorted() ?? null,
    reviewers,
  ]);
}

function arrivalKey({ receivedAt, sha256, authenticatedBy }: JournalLine): string {
  return JSON.stringify([receivedAt, sha256, authenticatedBy]);
}

/** From when a journal covers a merge request, and whether that is from its opening on. */
export function coverageOf(journal: readonly JournalLine[]): { from: string | null; fromOpening: boolean } {
  const first = inOrder(journal)[0];
  return { from: first === undefined ? null : timeOf(first), fromOpening: first?.action === 'open' };
}

/** An event with the time by which it is ordered: when it happened, or failing that when it arrived. */
export interface TimedEvent {
  readonly event: MergeRequestEvent;
  readonly at: Date;
}

/**
 * How a merge request stands to the scope after its label changes, whatever the order in which they arrived.
 * `withdrawn`: the scope label went before the merge. `late`: it came after. `plain`: neither.
 */
export function labelStanding(events: readonly TimedEvent[], filter: Filter): 'withdrawn' | 'late' | 'plain' {
  const changes = events
    .filter(({ event }) => event.previousLabels !== null)
    .toSorted((left, right) => left.at.getTime() - right.at.getTime());
  let standing: 'withdrawn' | 'late' | 'plain' = 'plain';
  for (const { event } of changes) {
    const scope = scopeOf(filter, event.project.path);
    const now = inScope(event.labels, scope);
    const before = inScope(event.previousLabels ?? [], scope);
    const merged = event.state === 'merged' && event.action !== 'merge';
    if (now && !before) standing = merged ? 'late' : 'plain';
    if (!now && before && !merged) standing = 'withdrawn';
  }
  return standing;
}
