import { sql, type Kysely } from 'kysely';
import type { Summary } from '../domain/summary.ts';
import type { Tables } from './tables.ts';

/** What came of asking a model about a change. */
export interface AskedSummary {
  readonly changeId: number;
  readonly model: string;
  /** Names the instructions that it was asked with. */
  readonly promptSha256: string;
  readonly text: string | null;
  /** A code; null where there is a text. */
  readonly reason: string | null;
  /** For people. */
  readonly detail: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cost: number | null;
  readonly ms: number;
}

/** What came of it for these changes; null where nothing was written. One that was never asked about is left out. */
export async function readSummaries(
  db: Kysely<Tables>,
  changeIds: readonly number[],
): Promise<Map<number, Summary | null>> {
  if (changeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('countersign.summary')
    .select(['change_id', 'model', 'text'])
    .where('change_id', 'in', changeIds)
    .execute();
  return new Map(rows.map(({ change_id, model, text }) => [change_id, text === null ? null : { text, model }]));
}

/** Keeps what came of asking. Where another was faster, its answer stays: row and confirmation say the same. */
export async function keepSummary(db: Kysely<Tables>, asked: AskedSummary, now: Date): Promise<void> {
  await db
    .insertInto('countersign.summary')
    .values({
      change_id: asked.changeId,
      model: asked.model,
      prompt_sha256: asked.promptSha256,
      text: asked.text,
      reason: asked.reason,
      detail: asked.detail,
      input_tokens: asked.inputTokens,
      output_tokens: asked.outputTokens,
      cost: asked.cost,
      ms: asked.ms,
      at: now,
    })
    .onConflict((conflict) => conflict.column('change_id').doNothing())
    .execute();
}

/** What a model was used for. */
export interface SummaryUsage {
  readonly model: string;
  /** Questions that were put to it. */
  readonly asked: number;
  readonly written: number;
  /** Changes without a summary by the reason why; `late` and `no_material` were not asked about. */
  readonly failed: Readonly<Record<string, number>>;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What the known tokens cost; null where no price was ever set. */
  readonly cost: number | null;
}

const notAsked = ['late', 'no_material'];

/** What models were used for so far, each in a line of its own. */
export async function readSummaryUsage(db: Kysely<Tables>): Promise<SummaryUsage[]> {
  const rows = await db
    .selectFrom('countersign.summary_usage')
    .select((eb) => [
      'model',
      'reason',
      sql<number>`sum(count)::bigint`.as('count'),
      sql<number | null>`sum(input_tokens)::bigint`.as('input'),
      sql<number | null>`sum(output_tokens)::bigint`.as('output'),
      eb.fn.sum<number | null>('cost').as('cost'),
    ])
    .groupBy(['model', 'reason'])
    .orderBy('model')
    .orderBy('reason')
    .execute();
  return [...Map.groupBy(rows, ({ model }) => model)].map(([model, found]) => {
    const failed = found.flatMap(({ reason, count }) => (reason === null ? [] : [[reason, count] as const]));
    const costs = found.flatMap(({ cost }) => (cost === null ? [] : [cost]));
    return {
      model,
      asked: sum(found.filter(({ reason }) => !notAsked.includes(reason ?? '')).map(({ count }) => count)),
      written: sum(found.filter(({ reason }) => reason === null).map(({ count }) => count)),
      failed: Object.fromEntries(failed),
      inputTokens: sum(found.map(({ input }) => input ?? 0)),
      outputTokens: sum(found.map(({ output }) => output ?? 0)),
      cost: costs.length === 0 ? null : sum(costs),
    };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
