import type { Kysely } from 'kysely';
import { isConnectorError } from '../../connectors/errors.ts';
import { splitLines } from '../../connectors/slack/blocks.ts';
import type { Slack } from '../../connectors/slack/client.ts';
import type { LogHead } from '../../domain/log-head.ts';
import { digestOf, type Confirmed, type Message } from '../../domain/message.ts';
import { reviewOf } from '../../domain/review.ts';
import { notJudged } from '../../domain/shortfall.ts';
import type { Database } from '../../storage/database.ts';
import { readChanges } from '../../storage/changes.ts';
import { readUnderstood } from '../../storage/evidence.ts';
import { readIssues } from '../../storage/issues.ts';
import { enqueueMessages, readMessages, type NewMessage, type OutboxMessage } from '../../storage/messages.ts';
import { countUnconfirmed } from '../../storage/outcomes.ts';
import { readRowUrls } from '../../storage/pages.ts';
import { readSummaries } from '../../storage/summaries.ts';
import type { Tables } from '../../storage/tables.ts';
import { readVerdicts } from '../../storage/verdicts.ts';
import type { Layout } from '../../templates/layout.ts';
import { sha256 } from '../sha256.ts';
import type { Stage, StageResult, Work } from '../stage.ts';
import { deliver } from './deliver-message.ts';
import { noteTemplates, type LaidOut } from './note-templates.ts';
import { readLogHead } from './read-log-head.ts';

export interface ConfirmParts {
  readonly database: Pick<Database, 'db' | 'transaction'>;
  readonly slack: Pick<Slack, 'post' | 'findPosted' | 'findThreads' | 'remove' | 'permalink'>;
  readonly fallbackChannel: string;
  /** How the confirmations of a project look. */
  readonly layoutOf: (project: string) => Layout;
  /** More changes than this waiting for one channel are confirmed together. */
  readonly digestAbove: number;
  readonly now: () => Date;
}

/** Confirms each change in its pod's channel, under the earlier message about it where there is one. */
export function createConfirm(parts: ConfirmParts): Stage {
  const { db } = parts.database;
  return {
    name: 'confirm',
    batchSize: 200,
    concurrency: 2,
    async run(batch) {
      const ids = batch.map(({ change }) => change.id);
      const confirmed = await readConfirmed(db, batch);
      await assign(parts, batch, confirmed);
      // A message that is sent again names a later head than before: it is recognised by its key, and not by its text.
      const head = await readLogHead(db);

      const results = new Map<number, StageResult>();
      const laidOut: LaidOut[] = [];
      const channels = Map.groupBy(await readMessages(db, ids), (message) => message.channel);
      // A channel takes about one message a second, so channels go side by side and messages one by one.
      await Promise.all(
        [...channels.values()].map(async (messages) => {
          for (const message of messages) {
            const content = await contentOf(parts, message, confirmed, head);
            laidOut.push(...content.laidOut);
            const result = await deliver(parts, message, content.message);
            for (const id of message.changeIds) results.set(id, result);
          }
        }),
      );
      return {
        results: new Map(ids.map((id) => [id, results.get(id)!])),
        save: (trx) => noteTemplates(trx, 'confirm', laidOut, parts.now()),
      };
    },
  };
}

type ConfirmedChanges = Map<number, Confirmed & Pick<Work, 'change'>>;

// What a change's message says is built from what the stages before have written.
async function readConfirmed(db: Kysely<Tables>, batch: readonly Pick<Work, 'change'>[]): Promise<ConfirmedChanges> {
  const ids = batch.map(({ change }) => change.id);
  const [understood, verdicts, rowUrls, issues, summaries] = await Promise.all([
    readUnderstood(db, ids),
    readVerdicts(db, ids),
    readRowUrls(db, ids),
    readIssues(db, ids),
    readSummaries(db, ids),
  ]);
  return new Map(
    batch.map(({ change }) => [
      change.id,
      {
        change,
        recordId: change.recordId,
        pod: change.pod,
        review: reviewOf(change.event, understood.get(change.id)!, change.ticket ?? { kind: 'none' }),
        verdict: verdicts.get(change.id) ?? notJudged,
        rowUrl: rowUrls.get(change.id) ?? null,
        issue: issues.get(change.id) ?? null,
        summary: summaries.get(change.id) ?? null,
      },
    ]),
  );
}

// Which message confirms a change is settled before anything is sent, and stays so whatever happens afterwards.
async function assign(
  parts: ConfirmParts,
  batch: readonly Work[],
  confirmed: ReadonlyMap<number, Confirmed>,
): Promise<void> {
  const assigned = new Set(
    (await readMessages(parts.database.db, [...confirmed.keys()])).flatMap((one) => one.changeIds),
  );
  const unassigned = batch.filter(({ change }) => !assigned.has(change.id));
  if (unassigned.length === 0) return;
  const messages: NewMessage[] = [];
  // All that wait count, and not only this batch: how many came together is an accident.
  const unconfirmed = await countUnconfirmed(parts.database.db);
  for (const [channel, works] of Map.groupBy(unassigned, ({ change }) => change.channel ?? parts.fallbackChannel)) {
    const inAll = unconfirmed.get(works[0]?.change.channel ?? '') ?? works.length;
    if (works.length > 1 && inAll > parts.digestAbove) messages.push(...digests(channel, works, confirmed));
    else messages.push(...(await singles(parts, channel, works)));
  }
  await parts.database.transaction((db) => enqueueMessages(db, messages, parts.now()));
}

async function singles(parts: ConfirmParts, channel: string, works: readonly Work[]): Promise<NewMessage[]> {
  const urls = works.map(({ change }) => change.event.url);
  const since = new Date(parts.now().getTime() - threadLookbackMs);
  const threads = await findThreads(parts, { channel, mergeRequestUrls: urls, since });
  return works.map(({ change }) => ({
    key: change.recordId,
    channel,
    threadTs: threads.get(change.event.url) ?? null,
    changeIds: [change.id],
  }));
}

// Some apps may read one page of history a minute. A confirmation at the top of the channel is better than one that
// waits for its place under another message.
async function findThreads(
  { slack }: ConfirmParts,
  search: Parameters<Slack['findThreads']>[0],
): Promise<ReadonlyMap<string, string>> {
  try {
    return await slack.findThreads(search);
  } catch (error) {
    if (isConnectorError(error) && error.code === 'rate_limited') return new Map();
    throw error;
  }
}

const threadLookbackMs = 30 * 24 * 3600 * 1000;

function digests(channel: string, works: readonly Work[], confirmed: ReadonlyMap<number, Confirmed>): NewMessage[] {
  const whole = digestOf(
    '',
    works.map(({ change }) => confirmed.get(change.id)!),
    widestHead,
  );
  const [heading, ...lines] = whole.lines;
  let at = 0;
  return splitLines(lines, [heading!]).map((part) => {
    const changes = works.slice(at, at + part.length).map(({ change }) => change);
    at += part.length;
    return {
      key: digestKey(changes.map((change) => change.recordId)),
      channel,
      threadTs: null,
      changeIds: changes.map((change) => change.id),
    };
  });
}

// Room for the head is left before it is known: the log may grow until the digest is sent.
const widestHead: LogHead = { size: Number.MAX_SAFE_INTEGER, root: new Uint8Array(32) };

function digestKey(recordIds: readonly string[]): string {
  return `digest-${sha256(recordIds.toSorted().join(' ')).slice(0, 16)}`;
}

// A digest may list changes that are not in this batch any more; they are read for its lines.
async function contentOf(
  parts: ConfirmParts,
  message: OutboxMessage,
  confirmed: Readonly<ConfirmedChanges>,
  head: LogHead | null,
): Promise<{ message: Message; laidOut: LaidOut[] }> {
  const missing = message.changeIds.filter((id) => !confirmed.has(id));
  const others: ConfirmedChanges = missing.length === 0 ? new Map() : await readOthers(parts.database.db, missing);
  const all = message.changeIds.map((id) => confirmed.get(id) ?? others.get(id)!);
  if (message.key.startsWith('digest-')) return { message: digestOf(message.key, all, head), laidOut: [] };
  const { change } = all[0]!;
  const layout = parts.layoutOf(change.event.project.path);
  const { message: content, faults } = layout.confirmationOf(all[0]!, head);
  return { message: content, laidOut: [{ change, faults }] };
}

async function readOthers(db: Kysely<Tables>, ids: readonly number[]): Promise<ConfirmedChanges> {
  const changes = await readChanges(db, ids);
  return readConfirmed(
    db,
    changes.map((change) => ({ change })),
  );
}
