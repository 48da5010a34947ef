import type { Kysely } from 'kysely';
import type { Slack } from '../../connectors/slack/client.ts';
import type { LogHead } from '../../domain/log-head.ts';
import { digestOf, type Confirmed, type Message } from '../../domain/message.ts';
import { reviewOf } from '../../domain/review.ts';
import { notJudged } from '../../domain/shortfall.ts';
import { readChanges } from '../../storage/changes.ts';
import { readUnderstood } from '../../storage/evidence.ts';
import { readIssues } from '../../storage/issues.ts';
import { readMessages, type OutboxMessage } from '../../storage/messages.ts';
import { readRowUrls } from '../../storage/rows.ts';
import { readSummaries } from '../../storage/summaries.ts';
import type { Tables } from '../../storage/tables.ts';
import { readVerdicts } from '../../storage/verdicts.ts';
import type { Layout } from '../../templates/layout.ts';
import { resultOfFailure, type Stage, type StageResult, type Work } from '../stage.ts';
import { assignNext, type AssignParts, type Waiting } from './assign-messages.ts';
import { deliver, type DeliverParts } from './deliver-message.ts';
import { noteTemplates, type LaidOut } from './note-templates.ts';
import { readLogHead } from './read-log-head.ts';

export interface ConfirmParts extends Omit<AssignParts, 'bursts'>, DeliverParts {
  readonly database: AssignParts['database'];
  readonly slack: Pick<Slack, 'post' | 'findPosted' | 'findThreads' | 'remove' | 'permalink' | 'untilFree'>;
  readonly fallbackChannel: string;
  /** How the confirmations of a project look. */
  readonly layoutOf: (project: string) => Layout;
}

/** Confirms each change in its pod's channel, under the earlier message about it where there is one. */
export function createConfirm(parts: ConfirmParts): Stage {
  const { db } = parts.database;
  const bursts = new Set<string>();
  return {
    name: 'confirm',
    batchSize: 200,
    concurrency: 2,
    async run(batch) {
      const ids = batch.map(({ change }) => change.id);
      const confirmed = await readConfirmed(db, batch);
      const assigned = await readMessages(db, ids);
      // A message that is sent again names a later head than before: it is recognised by its key, and not by its text.
      const posting: Posting = {
        parts: { ...parts, bursts },
        confirmed,
        head: await readLogHead(db),
        results: new Map(),
        laidOut: [],
      };

      const isAssigned = new Set(assigned.flatMap(({ changeIds }) => changeIds));
      const left = batch.filter(({ change }) => !isAssigned.has(change.id));
      const channelOf = ({ change }: Waiting): string => change.channel ?? parts.fallbackChannel;
      const messages = Map.groupBy(assigned, ({ channel }) => channel);
      const waiting = Map.groupBy(left, channelOf);
      // A channel takes about one message a second, so channels go side by side and messages one by one.
      await Promise.all(
        [...new Set([...messages.keys(), ...waiting.keys()])].map((channel) =>
          confirmIn(posting, channel, messages.get(channel) ?? [], waiting.get(channel) ?? []),
        ),
      );
      const { results, laidOut } = posting;
      return {
        results: new Map(ids.map((id) => [id, results.get(id)!])),
        save: (trx) => noteTemplates(trx, 'confirm', laidOut, parts.now()),
      };
    },
  };
}

interface Posting {
  readonly parts: ConfirmParts & AssignParts;
  readonly confirmed: ConfirmedChanges;
  readonly head: LogHead | null;
  readonly results: Map<number, StageResult>;
  readonly laidOut: LaidOut[];
}

type ConfirmedChanges = Map<number, Confirmed & Waiting>;

// What went wrong in one channel is no matter of the others.
async function confirmIn(
  posting: Posting,
  channel: string,
  assigned: readonly OutboxMessage[],
  waiting: readonly Waiting[],
): Promise<void> {
  const { parts, confirmed, results } = posting;
  for (const message of assigned) await send(posting, message);
  for (let left = waiting; left.length > 0; left = left.filter(({ change }) => !results.has(change.id))) {
    try {
      const messages = await assignNext(parts, channel, left, confirmed);
      for (const message of messages) await send(posting, message);
    } catch (error) {
      const result = resultOfFailure(error);
      for (const { change } of left) if (!results.has(change.id)) results.set(change.id, result);
    }
  }
}

async function send(posting: Posting, message: OutboxMessage): Promise<void> {
  const { parts, confirmed, head, results, laidOut } = posting;
  const content = await contentOf(parts, message, confirmed, head);
  laidOut.push(...content.laidOut);
  const result = await deliver(parts, message, content.message);
  for (const id of message.changeIds) results.set(id, result);
}

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
