import { appendLeaves, canonicalJson, leafHash, type Json } from '@countersign/ledger';
import type { Filter } from '../domain/filter.ts';
import type { LogKeeper } from '../storage/keeper.ts';
import type { PublishedChange } from '../storage/publications.ts';
import { statementEntry, type NewEntry } from '../storage/seal-entry.ts';
import type { UnsealedEvent } from '../storage/statements.ts';
import type { Rulebook } from './judge-records.ts';
import { sha256 } from './sha256.ts';

type Keeping = Pick<LogKeeper, 'primitives' | 'signer'>;
type Members = { readonly [member: string]: Json };

/** By which rules changes are taken up and judged from here on. */
export function rulesOf(rulebook: Rulebook, filter: Filter): { readonly predicate: Members; readonly sha256: string } {
  const policy: Json = JSON.parse(rulebook.canonical);
  const scope: Json = {
    groups: [...filter.groups],
    projects: [...filter.projects],
    labels: [...filter.labels],
    target_branches: [...filter.targetBranches],
    journal_projects: [...filter.journalProjects],
    overrides: filter.overrides.map(({ path, labels, targetBranches }) => ({
      path,
      labels: labels === null ? null : [...labels],
      target_branches: targetBranches === null ? null : [...targetBranches],
    })),
  };
  const predicate = { policy, policy_sha256: rulebook.sha256, scope };
  return { predicate, sha256: sha256(canonicalJson(predicate)) };
}

/** The entry of changed rules: what they are, and what of them is not as it was. */
export function policyEntry(keeper: Keeping, rules: ReturnType<typeof rulesOf>, before: Members | undefined): NewEntry {
  const changed = before === undefined ? null : changedPaths(before['rules'] ?? null, rules.predicate);
  return statementEntry(keeper, {
    type: 'policy',
    name: rules.sha256,
    subjects: [{ name: 'rules', digest: { sha256: rules.sha256 } }],
    predicate: { rules: rules.predicate, sha256: rules.sha256, changed },
  });
}

/** JSON pointers (RFC 6901) to what differs between two values, the deepest that says it. */
export function changedPaths(before: Json, after: Json, path = ''): string[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (!isObject(before) || !isObject(after)) return [path];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].toSorted().flatMap((name) => {
    const pointer = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const [old, now] = [before[name], after[name]];
    return old === undefined || now === undefined ? [pointer] : changedPaths(old, now, pointer);
  });
}

/** The entry of a batch of journal events: the root of an RFC 9162 tree over them, in order of their arrival here. */
export function journalEntry(keeper: Keeping, events: readonly UnsealedEvent[]): NewEntry {
  const { primitives: p } = keeper;
  const leaves = events.map(({ leaf }) => leafHash(p, Buffer.from(leaf)));
  const root = Buffer.from(appendLeaves(p, noHash, 0, leaves).root).toString('hex');
  const [first, last] = [events[0]!, events.at(-1)!];
  return statementEntry(keeper, {
    type: 'journal',
    name: `${first.id}-${last.id}`,
    subjects: [{ name: 'journal events', digest: { sha256: root } }],
    predicate: { first: first.id, last: last.id, count: events.length, root },
  });
}

function noHash(): Uint8Array {
  throw new Error('A tree that is empty has no hashes to be read');
}

/** The entry of something that somebody did. */
export function actionEntry(
  keeper: Keeping,
  action: { readonly id: number; readonly what: string; readonly detail: Members; readonly at: Date },
): NewEntry {
  const predicate = { what: action.what, detail: action.detail, at: action.at.toISOString() };
  return statementEntry(keeper, {
    type: 'action',
    name: String(action.id),
    subjects: [{ name: 'action', digest: { sha256: sha256(canonicalJson(predicate)) } }],
    predicate,
  });
}

/** The entry of a day: silence becomes visible where one is missing. */
export function heartbeatEntry(
  keeper: Keeping,
  day: string,
  state: { readonly head: { readonly size: number; readonly root: string } | null; readonly changes: Members },
): NewEntry {
  const predicate = { day, head: state.head, changes: state.changes };
  return statementEntry(keeper, {
    type: 'heartbeat',
    name: day,
    subjects: [{ name: 'heartbeat', digest: { sha256: sha256(canonicalJson(predicate)) } }],
    predicate,
  });
}

/** The entry of a publication. */
export function publicationEntry(keeper: Keeping, publication: PublishedChange): NewEntry {
  const { changeId, recordId, recordSha256, issue, row, message } = publication;
  return statementEntry(keeper, {
    type: 'publication',
    name: recordId,
    changeId,
    subjects: [{ name: 'record.json', digest: { sha256: recordSha256 } }],
    predicate: {
      record: recordId,
      issue: issue === null ? null : { ...issue },
      row: row === null ? null : { ...row },
      message: message === null ? null : { ...message },
    },
  });
}

function isObject(value: Json): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
