import type { Json } from '@countersign/ledger';
import type { Kysely } from 'kysely';
import type { ChangeName } from '../domain/name.ts';
import { recordIdOf } from '../domain/record.ts';
import { revertedIid } from '../domain/revert.ts';
import { stageNames } from '../domain/stage.ts';
import { listOpen } from '../storage/attention.ts';
import { countChanges, findChange, findReverts, type Change } from '../storage/changes.ts';
import { readOpenGaps } from '../storage/gaps.ts';
import { readIssues } from '../storage/issues.ts';
import { readMessages } from '../storage/messages.ts';
import { countWaiting, readStages, type StageLine } from '../storage/outcomes.ts';
import { readRowUrls } from '../storage/rows.ts';
import { readHead, readRecordIndexes } from '../storage/ledger.ts';
import { readRecords } from '../storage/records.ts';
import { readTrigger } from '../storage/settings.ts';
import { readSummaryUsage } from '../storage/summaries.ts';
import type { Tables } from '../storage/tables.ts';
import { countVerdicts, readPolicy, readVerdicts } from '../storage/verdicts.ts';
import { queueSchema } from './queue.ts';
import { sha256 } from './sha256.ts';
import {
  reportPeople,
  reportUnmapped,
  reportVerdict,
  type PersonReport,
  type VerdictReport,
} from './report-verdict.ts';

/** Where one change stands: what `countersign show --json` prints. Keys may be added, none renamed. */
export interface ChangeReport {
  readonly change: {
    readonly key: string;
    readonly instance: string;
    readonly project_id: number;
    readonly iid: number;
    readonly project: string;
    readonly title: string;
    readonly web_url: string;
    readonly merged_at: string | null;
    readonly capture: string;
    readonly pod: string | null;
  };
  readonly verdict: VerdictReport;
  /** Everybody whom a check is about. */
  readonly people: readonly PersonReport[];
  /** Commit addresses that belong to nobody known; to be mapped under `identities`. */
  readonly unmapped_addresses: readonly string[];
  readonly stages: readonly {
    readonly stage: string;
    readonly outcome: StageLine['outcome'];
    readonly reason: string | null;
    readonly detail: string | null;
    readonly attempts: number;
    readonly at: string | null;
    readonly next_at: string | null;
  }[];
  readonly ledger: { readonly index: number | null; readonly size: number; readonly checkpoint: string | null };
  readonly links: {
    readonly gitlab: string;
    readonly linear: string | null;
    readonly confluence: string | null;
    readonly slack: string | null;
  };
  readonly record_id: string;
  /** Record of the merge request that this one says it reverts, and of those that say they revert this one. */
  readonly reverts: string | null;
  readonly reverted_by: readonly string[];
  readonly record_sha256: string | null;
  readonly record: Json;
}

/** Everything that is known about one change; undefined where no such change has been taken up. */
export async function reportChange(db: Kysely<Tables>, name: ChangeName): Promise<ChangeReport | undefined> {
  const change = await findChange(db, name);
  if (change === undefined) return undefined;
  const ids = [change.id];
  const [stages, [record], verdicts, rows, issues, messages, head, indexes, revertedBy] = await Promise.all([
    readStages(db, change.id),
    readRecords(db, ids),
    readVerdicts(db, ids),
    readRowUrls(db, ids),
    readIssues(db, ids),
    readMessages(db, ids),
    readHead(db),
    readRecordIndexes(db, ids),
    findReverts(db, change),
  ]);
  const reverted = revertedIid(change.event.description, change.event.project.path);
  const current = verdicts.get(change.id);
  const verdict = reportVerdict(current);
  const policy = current === undefined ? undefined : await readPolicy(db, current.policySha256);
  return {
    change: changeLines(change),
    verdict,
    unmapped_addresses: record === undefined || policy === undefined ? [] : reportUnmapped(record, policy),
    people: reportPeople(verdict, record),
    stages: stageNames.map((stage) => stageLine(stage, stages)),
    ledger: { index: indexes.get(change.id) ?? null, size: head?.size ?? 0, checkpoint: head?.note ?? null },
    links: {
      gitlab: change.event.url,
      linear: issues.get(change.id)?.url ?? (change.ticket?.kind === 'found' ? change.ticket.issue.url : null),
      confluence: rows.get(change.id) ?? null,
      slack: messages[0]?.permalink ?? null,
    },
    record_id: change.recordId,
    reverts: reverted === null ? null : recordIdOf({ ...change.key, iid: reverted }, sha256),
    reverted_by: revertedBy,
    record_sha256: record?.sha256 ?? null,
    record: record === undefined ? null : readJson(record.canonical),
  };
}

function readJson(text: Buffer): Json {
  return JSON.parse(text.toString());
}

/** What a change is, for a report. */
export function changeLines(change: Change): ChangeReport['change'] {
  return {
    key: change.keyText,
    instance: change.key.instance,
    project_id: change.key.projectId,
    iid: change.key.iid,
    project: change.event.project.path,
    title: change.event.title,
    web_url: change.event.url,
    merged_at: change.mergedAt?.toISOString() ?? null,
    capture: change.origin,
    pod: change.pod,
  };
}

function stageLine(stage: string, lines: readonly StageLine[]): ChangeReport['stages'][number] {
  const line = lines.find((one) => one.stage === stage);
  if (line === undefined) {
    return { stage, outcome: 'waiting', reason: null, detail: null, attempts: 0, at: null, next_at: null };
  }
  return {
    stage,
    outcome: line.outcome,
    reason: line.reason,
    detail: line.detail,
    attempts: line.attempts,
    at: line.at.toISOString(),
    next_at: line.nextAt?.toISOString() ?? null,
  };
}

/** What is going on: what `countersign status --json` prints. Keys may be added, none renamed. */
export interface StatusReport {
  readonly changes: { readonly open: number; readonly done: number; readonly attention: number };
  /** How many changes have which verdict now. */
  readonly verdicts: { readonly pass: number; readonly undetermined: number; readonly fail: number };
  readonly attention: readonly {
    readonly kind: string;
    readonly change: string;
    readonly stage: string | null;
    readonly reason: string;
    readonly detail: string | null;
    readonly owner: string | null;
    readonly due: string | null;
  }[];
  readonly stages: Readonly<Record<string, { readonly waiting: number; readonly active: number }>>;
  readonly ledger: { readonly size: number; readonly root: string | null };
  /** Until when nothing is missing: no later than the first open gap. */
  readonly complete_until: string | null;
  /** Open spans in which deliveries may have been missed, the earliest first. */
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
  readonly trigger: 'on' | 'off';
  /** What models that write summaries were used for. */
  readonly summaries: readonly {
    readonly model: string;
    readonly asked: number;
    readonly written: number;
    readonly failed: Readonly<Record<string, number>>;
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly cost: number | null;
  }[];
}

/** The state of the whole trail. */
export async function reportStatus(db: Kysely<Tables>): Promise<StatusReport> {
  const [changes, verdicts, open, waiting, head, trigger, summaries, gaps] = await Promise.all([
    countChanges(db),
    countVerdicts(db),
    listOpen(db),
    countWaiting(db, queueSchema),
    readHead(db),
    readTrigger(db),
    readSummaryUsage(db),
    readOpenGaps(db),
  ]);
  return {
    changes: { ...changes, attention: open.length },
    verdicts,
    attention: open.map((finding) => ({
      kind: finding.kind,
      change: finding.subject,
      stage: finding.stage === '' ? null : finding.stage,
      reason: finding.reason,
      detail: finding.detail,
      owner: finding.owner,
      due: finding.due?.toISOString() ?? null,
    })),
    stages: Object.fromEntries(stageNames.map((stage) => [stage, waiting.get(stage) ?? { waiting: 0, active: 0 }])),
    ledger: { size: head?.size ?? 0, root: head?.root ?? null },
    complete_until: gaps[0]?.from.toISOString() ?? null,
    gaps: gaps.map(({ from, to, reason }) => ({ from: from.toISOString(), to: to.toISOString(), reason })),
    trigger,
    summaries: summaries.map(({ inputTokens, outputTokens, ...used }) => ({
      ...used,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
    })),
  };
}

/** The numbers that metrics show. */
export async function readGauges(db: Kysely<Tables>) {
  const [changes, open, waiting] = await Promise.all([countChanges(db), listOpen(db), countWaiting(db, queueSchema)]);
  return { ...changes, attention: open.length, waiting };
}
