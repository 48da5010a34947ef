import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import type { Kysely } from 'kysely';
import type { Answer, ChangeEvidence } from '../domain/evidence.ts';
import type { AnswerLine } from '../domain/record.ts';
import type { Understood } from '../domain/review.ts';
import type { Tables } from './tables.ts';

const compressAside = promisify(gzip);

// An answer is a few kilobytes as a rule: to hand that to another thread takes longer than to do it, and the usual state
// of the coder, a quarter of a megabyte, is more than it needs.
const smallBytes = 32 * 1024;
const smallState = { level: 4, memLevel: 6, windowBits: 13 };

async function compress(bytes: Uint8Array): Promise<Buffer> {
  return bytes.length <= smallBytes ? gzipSync(bytes, smallState) : compressAside(bytes);
}

/** What was captured for one change, its answers compressed and ready to be kept. */
export interface Captured {
  readonly changeId: number;
  readonly understood: Understood;
  readonly answers: readonly (Omit<Answer, 'bytes'> & { readonly body: Buffer })[];
}

/** Compresses the answers; done before the transaction, because it takes longer than the transaction should. */
export async function packEvidence(changeId: number, evidence: ChangeEvidence): Promise<Captured> {
  const { answers, ...understood } = evidence;
  return {
    changeId,
    understood,
    answers: await Promise.all(answers.map(async ({ bytes, ...rest }) => ({ ...rest, body: await compress(bytes) }))),
  };
}

/** Keeps what was captured for a batch of changes. A repeated capture replaces the one before it. */
export async function keepEvidence(db: Kysely<Tables>, captured: readonly Captured[], now: Date): Promise<void> {
  if (captured.length === 0) return;
  const ids = captured.map((one) => one.changeId);
  await db.deleteFrom('countersign.evidence').where('change_id', 'in', ids).execute();
  const answers = captured.flatMap((one) =>
    one.answers.map((answer) => ({
      change_id: one.changeId,
      name: answer.name,
      url: answer.url,
      status: answer.status,
      sha256: answer.sha256,
      observed_at: new Date(answer.observedAt),
      body: answer.body,
    })),
  );
  // A statement holds at most 65,535 parameters.
  for (let at = 0; at < answers.length; at += 1000) {
    await db
      .insertInto('countersign.evidence')
      .values(answers.slice(at, at + 1000))
      .execute();
  }
  await db
    .insertInto('countersign.capture')
    .values(
      captured.map((one) => ({ change_id: one.changeId, evidence: JSON.stringify(one.understood), captured_at: now })),
    )
    .onConflict((conflict) =>
      conflict.column('change_id').doUpdateSet((eb) => ({
        evidence: eb.ref('excluded.evidence'),
        captured_at: eb.ref('excluded.captured_at'),
      })),
    )
    .execute();
}

/** Adds answers that were read later to those of a change; one that is kept already is not kept twice. */
export async function addAnswers(db: Kysely<Tables>, changeId: number, answers: readonly Answer[]): Promise<void> {
  const known = await readAnswerLines(db, [changeId]);
  const digests = new Set((known.get(changeId) ?? []).map(({ sha256 }) => sha256));
  const fresh = answers.filter(({ sha256 }) => !digests.has(sha256));
  if (fresh.length === 0) return;
  const rows = await Promise.all(
    fresh.map(async ({ bytes, observedAt, ...answer }) => ({
      ...answer,
      change_id: changeId,
      observed_at: new Date(observedAt),
      body: await compress(bytes),
    })),
  );
  await db.insertInto('countersign.evidence').values(rows).execute();
}

/** What capture understood of these changes. */
export async function readUnderstood(
  db: Kysely<Tables>,
  changeIds: readonly number[],
): Promise<Map<number, Understood>> {
  if (changeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('countersign.capture')
    .select(['change_id', 'evidence'])
    .where('change_id', 'in', changeIds)
    .execute();
  return new Map(rows.map((row) => [row.change_id, row.evidence]));
}

/** Name, digest, address and time of every kept answer, in the order they came. */
export async function readAnswerLines(
  db: Kysely<Tables>,
  changeIds: readonly number[],
): Promise<Map<number, AnswerLine[]>> {
  if (changeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('countersign.evidence')
    .select(['change_id', 'name', 'url', 'status', 'sha256', 'observed_at'])
    .where('change_id', 'in', changeIds)
    .orderBy('id')
    .execute();
  return Map.groupBy(
    rows.map((row) => ({
      changeId: row.change_id,
      name: row.name,
      url: row.url,
      status: row.status,
      sha256: row.sha256,
      observedAt: row.observed_at.toISOString(),
    })),
    (row) => row.changeId,
  );
}
