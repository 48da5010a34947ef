import { isConnectorError } from '../connectors/errors.ts';
import type { GitLab } from '../connectors/gitlab/client.ts';
import type { LateReviews } from '../connectors/gitlab/late-reviews.ts';
import { reminderOf } from '../domain/reminder.ts';
import { raise, resolve } from '../storage/attention.ts';
import { readChanges, type Change } from '../storage/changes.ts';
import type { Database } from '../storage/database.ts';
import { findOpenEmergencies, keepLateReviews, noteEmergency, type OpenEmergency } from '../storage/emergencies.ts';
import { addAnswers } from '../storage/evidence.ts';
import { openMessage } from '../storage/messages.ts';
import { readVerdicts } from '../storage/verdicts.ts';
import { rejudge, type RejudgeParts } from './rejudge.ts';
import type { Log } from './run-stage.ts';
import { deliver, type DeliverParts } from './stages/deliver-message.ts';

export interface EmergencyParts extends RejudgeParts {
  readonly database: Pick<Database, 'db' | 'transaction' | 'tryAdvisoryLock'>;
  readonly gitlab: Pick<GitLab, 'readLateReviews'>;
  readonly slack: DeliverParts['slack'];
  readonly fallbackChannel: string;
  readonly log: Log;
}

const lookEveryMs = 5 * 60 * 1000;
const mostAtOnce = 50;

/** The pod is reminded when this part of the time is left. */
const remindAt = 1 / 4;

/**
 * Looks after emergencies that wait for a review: reads whether one came, reminds the pod, judges again, and lists
 * those whose time has run out. Runs on a clock; one node at a time.
 */
export async function watchEmergencies(parts: EmergencyParts): Promise<void> {
  await parts.database.tryAdvisoryLock('emergencies', async () => {
    const { db } = parts.database;
    const open = await findOpenEmergencies(db, new Date(parts.now().getTime() - lookEveryMs), mostAtOnce);
    const changes = await readChanges(
      db,
      open.map(({ changeId }) => changeId),
    );
    for (const change of changes) {
      const emergency = open.find(({ changeId }) => changeId === change.id)!;
      try {
        await look(parts, emergency, change);
      } catch (error) {
        // The others are looked at all the same, and this one again in a while.
        parts.log.error({ change: change.keyText, err: error }, 'An emergency could not be looked after');
      }
    }
  });
}

async function look(parts: EmergencyParts, emergency: OpenEmergency, change: Change): Promise<void> {
  const { db } = parts.database;
  const now = parts.now();
  const found = await readReviews(parts, change);
  const reviews = found?.reviews;
  if (found !== undefined && found.reviews.length > 0) {
    await addAnswers(db, change.id, found.answers);
    await keepLateReviews(db, change.id, found.reviews, now);
  }
  const isOver = now > emergency.due;
  // What could not be read may hold the review: no verdict is made of that, but the time has run out all the same.
  if (reviews !== undefined && (reviews.length > 0 || isOver)) await rejudge(parts, [change.id]);

  const verdict = (await readVerdicts(db, [change.id])).get(change.id);
  const handled = verdict?.checks.find(({ id }) => id === 'RC-16');
  // It may have been listed while nobody could read the review that had come in time.
  if (handled?.verdict === 'pass') await resolve(db, 'overdue_emergency', [change.keyText], now);
  else if (isOver) await list(parts, emergency, change, reviews === undefined);
  const isSettled = reviews !== undefined && (handled?.verdict === 'pass' || handled?.verdict === 'fail');
  if (isSettled) {
    await noteEmergency(db, change.id, { lookedAt: now, closedAt: now });
    return;
  }
  const reminded = isOver ? false : await remind(parts, emergency, change);
  await noteEmergency(db, change.id, { lookedAt: now, ...(reminded ? { remindedAt: now } : {}) });
}

async function readReviews(parts: EmergencyParts, change: Change): Promise<LateReviews | undefined> {
  const { projectId, iid } = change.key;
  const after = change.mergedAt ?? change.acceptedAt;
  try {
    return await parts.gitlab.readLateReviews(
      { projectId, iid },
      { after: after.toISOString(), prefix: parts.rulebook.policy.emergency.reviewPrefix },
    );
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    parts.log.warn({ change: change.keyText, code: error.code }, 'Reviews after the merge could not be read');
    return undefined;
  }
}

async function remind(parts: EmergencyParts, emergency: OpenEmergency, change: Change): Promise<boolean> {
  const left = emergency.due.getTime() - parts.now().getTime();
  const whole = parts.rulebook.policy.emergency.reviewWithinHours * 3_600_000;
  if (emergency.remindedAt !== null || left > whole * remindAt) return false;
  const content = reminderOf({
    recordId: change.recordId,
    reference: `${change.event.project.path}!${change.event.iid}`,
    webUrl: change.event.url,
    due: emergency.due.toISOString(),
    reviewPrefix: parts.rulebook.policy.emergency.reviewPrefix,
  });
  const channel = change.channel ?? parts.fallbackChannel;
  const message = await openMessage(parts.database.db, { key: content.key, channel, threadTs: null }, parts.now());
  // What did not get through is tried again at the next look; the outbox knows how far it came.
  const result = await deliver(parts, message, content);
  return result.kind === 'done';
}

async function list(
  parts: EmergencyParts,
  emergency: OpenEmergency,
  change: Change,
  isUnreadable: boolean,
): Promise<void> {
  const finding = {
    kind: 'overdue_emergency',
    subject: change.keyText,
    reason: isUnreadable ? 'reviews_unreadable' : 'not_reviewed_in_time',
    detail: `${change.event.url} was to be reviewed until ${emergency.due.toISOString()}`,
    owner: change.pod,
  } as const;
  await raise(parts.database.db, [finding], parts.now());
}
