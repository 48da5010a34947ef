import type { Kysely } from 'kysely';
import { isConnectorError, type ConnectorError, type ConnectorErrorCode } from '../../connectors/errors.ts';
import type { Slack } from '../../connectors/slack/client.ts';
import type { Message } from '../../domain/message.ts';
import { claimMessage, settleMessage, type OutboxMessage } from '../../storage/messages.ts';
import type { Tables } from '../../storage/tables.ts';
import { resultOfError, type StageResult } from '../stage.ts';

export interface DeliverParts {
  readonly database: { readonly db: Kysely<Tables> };
  readonly slack: Pick<Slack, 'post' | 'findPosted' | 'remove' | 'permalink'>;
  readonly now: () => Date;
}

/** Slack may show a message a while after it was posted: an unknown outcome is looked up only then, and twice. */
const settleSeconds = 10;
const lookupsBeforeResend = 2;

/** Our clock and Slack's may differ by this much. */
const skewMs = 2 * 60 * 1000;

// After these the message may stand in the channel or may not.
const unknownOutcome: ReadonlySet<ConnectorErrorCode> = new Set(['timeout', 'lost', 'server_error', 'bad_response']);

/**
 * Sends one message of the outbox, exactly once in effect: Slack has no key for that, so a message whose outcome is
 * unknown is looked up in the channel before anything is sent again.
 */
export async function deliver(parts: DeliverParts, message: OutboxMessage, content: Message): Promise<StageResult> {
  switch (message.state) {
    case 'sent':
      // Sent more than once: the surplus may still stand, when taking it away failed or was cut short.
      return message.attempt > 1 ? removeSurplus(parts, message) : { kind: 'done' };
    case 'pending':
      return send(parts, message, content);
    // Whoever was sending has gone: this change's job is ours now.
    case 'sending':
    case 'unknown':
      return lookUp(parts, message, content);
  }
}

async function send(parts: DeliverParts, message: OutboxMessage, content: Message): Promise<StageResult> {
  const { db } = parts.database;
  if (!(await claimMessage(db, message.id, parts.now()))) return { kind: 'retry', code: 'busy' };
  try {
    const { ts } = await parts.slack.post({ channel: message.channel, message: content, threadTs: message.threadTs });
    await markSent(parts, message, ts);
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    return afterFailure(parts, message, error);
  }
  // An earlier try that was given up as lost may still have arrived: the older copy stays, ours goes.
  return message.attempt > 0 ? removeSurplus(parts, message) : { kind: 'done' };
}

async function afterFailure(parts: DeliverParts, message: OutboxMessage, error: ConnectorError): Promise<StageResult> {
  const { db } = parts.database;
  if (unknownOutcome.has(error.code)) {
    await settleMessage(db, message.id, { state: 'unknown' });
    return { kind: 'retry', code: 'settling', afterSeconds: settleSeconds, detail: error.message };
  }
  const result = resultOfError(error);
  if (result.kind === 'failed' && message.threadTs !== null) {
    // The message it should go under may have been deleted: it stands on its own then.
    await settleMessage(db, message.id, { state: 'pending', threadTs: null });
    return { kind: 'retry', code: 'busy', detail: error.message };
  }
  await settleMessage(db, message.id, { state: 'pending' });
  return result;
}

async function lookUp(parts: DeliverParts, message: OutboxMessage, content: Message): Promise<StageResult> {
  const now = parts.now();
  const waited = (now.getTime() - (message.lastSentAt?.getTime() ?? 0)) / 1000;
  const due = settleSeconds * (message.lookups + 1);
  if (waited < 0) {
    // The clock was set back since: how long ago it was is not known any more, so the wait begins anew.
    await settleMessage(parts.database.db, message.id, { state: 'unknown', sentBefore: now });
    return { kind: 'retry', code: 'settling', afterSeconds: due };
  }
  if (waited < due) return { kind: 'retry', code: 'settling', afterSeconds: due - waited };

  let found;
  try {
    found = await find(parts, message);
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    const result = resultOfError(error);
    if (result.kind !== 'failed') return result;
    await settleMessage(parts.database.db, message.id, { state: 'unknown' });
    const detail = `${result.detail}. The confirmation may or may not stand in the channel: look, then run the stage again`;
    return { kind: 'failed', code: 'unknown_outcome', detail };
  }
  if (found.length > 0) return keepOldest(parts, message, found);

  if (message.lookups + 1 < lookupsBeforeResend) {
    await settleMessage(parts.database.db, message.id, { state: 'unknown', lookedAt: now });
    return { kind: 'retry', code: 'settling', afterSeconds: settleSeconds };
  }
  await settleMessage(parts.database.db, message.id, { state: 'pending' });
  return send(parts, message, content);
}

async function removeSurplus(parts: DeliverParts, message: OutboxMessage): Promise<StageResult> {
  try {
    const found = await find(parts, message);
    if (found.length > 1) return await keepOldest(parts, message, found);
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    const result = resultOfError(error);
    if (result.kind === 'retry') return result;
    // The message stands; not being allowed to look for a second copy does not undo that.
  }
  return { kind: 'done' };
}

async function keepOldest(
  parts: DeliverParts,
  message: OutboxMessage,
  found: readonly { ts: string }[],
): Promise<StageResult> {
  const [oldest, ...surplus] = found;
  // Noted first: should an answer be lost, what is noted is not what was just taken away.
  await markSent(parts, message, oldest!.ts);
  for (const { ts } of surplus) await parts.slack.remove({ channel: message.channel, ts });
  return { kind: 'done' };
}

function find(parts: DeliverParts, message: OutboxMessage): Promise<readonly { ts: string }[]> {
  const oldest = new Date((message.firstSentAt ?? parts.now()).getTime() - skewMs);
  return parts.slack.findPosted({ channel: message.channel, key: message.key, oldest, threadTs: message.threadTs });
}

async function markSent(parts: DeliverParts, message: OutboxMessage, ts: string): Promise<void> {
  const { db } = parts.database;
  await settleMessage(db, message.id, { state: 'sent', ts, permalink: null });
  const { channel, threadTs } = message;
  const permalink = await parts.slack.permalink({ channel, ts, threadTs });
  if (permalink !== null) await settleMessage(db, message.id, { state: 'sent', ts, permalink });
}
