import type { Kysely, Transaction } from 'kysely';
import type { Filter } from '../domain/filter.ts';
import { countChanges } from '../storage/changes.ts';
import { lockInTransaction, tryLockInTransaction, type Database } from '../storage/database.ts';
import type { LogKeeper } from '../storage/keeper.ts';
import { raise, resolve, type Finding } from '../storage/attention.ts';
import { appendEntries, readHead } from '../storage/ledger.ts';
import type { NewEntry } from '../storage/seal-entry.ts';
import {
  hasStatement,
  noteSealedActions,
  noteSealedEvents,
  readLastStatement,
  readUnsealedActions,
  readUnsealedEvents,
} from '../storage/statements.ts';
import type { Tables } from '../storage/tables.ts';
import { sumUp } from '../storage/tally.ts';
import type { Rulebook } from './judge-records.ts';
import { actionEntry, heartbeatEntry, journalEntry, policyEntry, rulesOf } from './log-statements.ts';

export interface KeepLogParts {
  readonly database: Pick<Database, 'db' | 'transaction'>;
  readonly keeper: LogKeeper;
  readonly rulebook: Rulebook;
  readonly filter: Filter;
  /**
   * Whether the rules of this node are still to enter the log. They do once, at the start and after a change of them: two
   * nodes that differ would otherwise fill the log with each other's.
   */
  readonly rules: { owed: boolean };
  readonly now: () => Date;
}

// Events of a journal wait a little, so that a burst has one root and not sixty.
const journalPatienceMs = 5 * 60_000;
const mostEvents = 5_000;
const mostActions = 100;

/**
 * Seals what is nobody else's to seal: changed rules, what people did, roots over the journal, and a heartbeat a day.
 * Runs at the start and on a clock; one node at a time; all of it in one transaction under one head.
 */
export async function keepLog(parts: KeepLogParts): Promise<void> {
  let own = false;
  await parts.database.transaction(async (trx) => {
    // Until the commit, so that whoever comes next sees what was sealed. Whoever owes rules waits for its turn.
    if (parts.rules.owed) await lockInTransaction(trx, 'keep-log');
    else if (!(await tryLockInTransaction(trx, 'keep-log'))) return;
    await seal(parts, trx);
    await sumUp(trx);
    own = true;
  });
  if (own) parts.rules.owed = false;
  const head = await readHead(parts.database.db);
  if (head !== undefined) await parts.keeper.memory.see(head);
}

async function seal(parts: KeepLogParts, trx: Transaction<Tables>): Promise<void> {
  const { keeper, rulebook, filter, now } = parts;
  const at = now();
  const entries: NewEntry[] = [];
  const rules = rulesOf(rulebook, filter);
  const before = await readLastStatement(trx, 'policy');
  const isOther = before?.['sha256'] !== rules.sha256;
  if (isOther && parts.rules.owed) entries.push(policyEntry(keeper, rules, before));
  if (isOther && !parts.rules.owed) await raise(trx, [nodesDiffer], at);
  else await resolve(trx, 'configuration', [nodesDiffer.subject], at);

  const day = at.toISOString().slice(0, 10);
  if (!(await hasStatement(trx, 'heartbeat', day))) entries.push(heartbeatEntry(keeper, day, await stateOf(trx)));

  const actions = await readUnsealedActions(trx, mostActions);
  const actionsAt = entries.length;
  entries.push(...actions.map((action) => actionEntry(keeper, action)));

  const events = await readUnsealedEvents(trx, mostEvents);
  const isDue = events.length === mostEvents || at.getTime() - arrivalOf(events) >= journalPatienceMs;
  if (isDue) entries.push(journalEntry(keeper, events));

  const appended = await appendEntries(trx, keeper, entries, at);
  if (appended === undefined) return;
  const { index } = appended;
  await noteSealedActions(
    trx,
    actions.map(({ id }, position) => ({ id, index: index + actionsAt + position })),
  );
  if (isDue) {
    const ids = events.map(({ id }) => id);
    await noteSealedEvents(trx, ids, index + entries.length - 1);
  }
}

const nodesDiffer: Finding = {
  kind: 'configuration',
  subject: 'nodes',
  reason: 'nodes_differ',
  detail: 'Nodes of this service have different rules: give all of them the same countersign.yaml',
};

/** When the oldest of these arrived; never, where there are none. */
function arrivalOf(events: readonly { readonly receivedAt: Date }[]): number {
  return events[0]?.receivedAt.getTime() ?? Infinity;
}

async function stateOf(db: Kysely<Tables>) {
  const head = await readHead(db);
  const { open, done } = await countChanges(db);
  return {
    head: head === undefined ? null : { size: head.size, root: head.root },
    changes: { taken: open + done, open },
  };
}
