import type { Json as JsonValue } from '@countersign/ledger';
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { CaptureOrigin } from '../domain/change.ts';
import type { ChangeEvidence, TicketFinding } from '../domain/evidence.ts';
import type { Disclosure } from '../domain/disclosure.ts';
import type { MergeRequestEvent } from '../domain/event.ts';
import type { LateReview } from '../domain/afterwards.ts';
import type { PersonKind } from '../domain/people.ts';
import type { CheckResult, Overall } from '../domain/verdict.ts';

/** Read as it was stored; written as JSON text, because `pg` would turn a list into a Postgres array. */
type Json<T> = ColumnType<T, string, string>;

type Id = GeneratedAlways<number>;

export interface Tables {
  'countersign.setting': { name: string; value: Json<unknown>; changed_at: Generated<Date> };
  'countersign.delivery': {
    id: Id;
    delivery_id: string | null;
    authenticated_by: string;
    received_at: Date;
    sha256: string;
    body: Buffer;
  };
  'countersign.journal': {
    id: Id;
    instance: string;
    project_id: number;
    iid: number;
    event_key: string;
    action: string;
    happened_at: Date | null;
    received_at: Date;
    delivery: number | null;
    event: Json<MergeRequestEvent>;
    sealed_in: Generated<number | null>;
  };
  'countersign.change': {
    id: Id;
    key: string;
    instance: string;
    project_id: number;
    iid: number;
    record_id: string;
    origin: CaptureOrigin;
    project: string;
    title: string;
    web_url: string;
    event: Json<MergeRequestEvent>;
    merged_at: Date | null;
    accepted_at: Date;
    finished_at: Date | null;
    pod: string | null;
    channel: string | null;
    ticket: Json<TicketFinding> | null;
  };
  'countersign.outcome': {
    change_id: number;
    stage: string;
    outcome: 'waiting' | 'done' | 'skipped' | 'failed';
    reason: string | null;
    detail: string | null;
    attempts: Generated<number>;
    opened_at: Date;
    at: Date;
    next_at: Date | null;
  };
  'countersign.evidence': {
    id: Id;
    change_id: number;
    name: string;
    url: string;
    status: number;
    sha256: string;
    observed_at: Date;
    body: Buffer;
  };
  /** The parsed evidence; the answers' bytes stand in `evidence`. */
  'countersign.capture': { change_id: number; evidence: Json<Omit<ChangeEvidence, 'answers'>>; captured_at: Date };
  'countersign.record': { change_id: number; canonical: Buffer; sha256: string; sealed_at: Date };
  'countersign.disclosure': { change_id: number; digest: string; salt: string; value: Json<Disclosure['value']> };
  'countersign.policy': { sha256: string; canonical: Buffer; first_used_at: Date };
  'countersign.verdict': {
    id: Id;
    change_id: number;
    policy_sha256: string;
    overall: Overall;
    checks: Json<readonly CheckResult[]>;
    canonical: Buffer;
    sha256: string;
    judged_at: Date;
  };
  'countersign.emergency': {
    change_id: number;
    due: Date;
    looked_at: Date;
    reminded_at: Date | null;
    closed_at: Date | null;
  };
  'countersign.late_review': {
    id: Id;
    change_id: number;
    user_id: number;
    kind: PersonKind | null;
    how: LateReview['how'];
    at: Date;
    response_sha256: string;
    noted_at: Date;
  };
  'countersign.log': { only: Generated<boolean>; origin: string; public_key: string; size: Generated<number> };
  'countersign.entry': {
    index: number;
    change_id: number | null;
    kind: string;
    type: string | null;
    id: string;
    leaf: Buffer;
    envelope: Buffer | null;
    salt: Buffer | null;
    at: Date;
  };
  'countersign.tile': { level: number; index: number; hashes: Buffer };
  'countersign.checkpoint': { size: number; root: string; note: string; at: Date };
  'countersign.signing_key': { public_key: string; first_index: number; at: Date };
  'countersign.timestamp': { size: number; response: Buffer; stated_at: Date; at: Date };
  'countersign.action': {
    id: Id;
    what: string;
    detail: Json<{ readonly [member: string]: JsonValue }>;
    at: Date;
    sealed_in: number | null;
  };
  'countersign.population': { entry_index: number; canonical: Buffer; sha256: string };
  'countersign.page': {
    id: Id;
    target: string;
    page_id: string;
    title: string;
    url: string;
    opened_at: Date;
    closed_at: Date | null;
    /** The page below which it stands; null for a configured page. */
    parent: Generated<number | null>;
    /** By this time its period is reckoned; null before its first row. */
    since: Generated<Date | null>;
    rows: Generated<number>;
    bytes: Generated<number>;
    /** The newest page that the index on this one lists. */
    listed: Generated<number | null>;
    gone_at: Generated<Date | null>;
  };
  /** The page that is to be made next. */
  'countersign.page_plan': { target: string; parent: number; title: string; mark: string; since: Date; at: Date };
  'countersign.row_page': { change_id: number; page: number; at: Date };
  'countersign.row': {
    change_id: number;
    page_id: string;
    url: string;
    version: number;
    stored_sha256: string;
    at: Date;
  };
  'countersign.issue': {
    change_id: number;
    issue_id: string;
    identifier: string;
    url: string;
    completed_at: Date | null;
    at: Date;
  };
  'countersign.message': {
    id: Id;
    key: string;
    channel: string;
    state: 'pending' | 'sending' | 'unknown' | 'sent';
    attempt: Generated<number>;
    first_sent_at: Date | null;
    last_sent_at: Date | null;
    looked_at: Date | null;
    lookups: Generated<number>;
    thread_ts: string | null;
    ts: string | null;
    permalink: string | null;
    created_at: Date;
  };
  'countersign.message_change': { change_id: number; message_id: number };
  'countersign.summary': {
    change_id: number;
    model: string;
    prompt_sha256: string;
    text: string | null;
    reason: string | null;
    detail: string | null;
    input_tokens: number | null;
    output_tokens: number | null;
    cost: number | null;
    ms: number;
    at: Date;
  };
  /** Steps of counts, kept by triggers. */
  'countersign.tally': { name: string; steps: number };
  /** Steps of what models were used for, kept by a trigger. */
  'countersign.summary_usage': {
    model: string;
    reason: string | null;
    count: number;
    input_tokens: number | null;
    output_tokens: number | null;
    cost: number | null;
  };
  'countersign.attention': {
    id: Id;
    kind: string;
    subject: string;
    stage: Generated<string>;
    reason: string;
    detail: string | null;
    owner: string | null;
    due: Date | null;
    raised_at: Date;
    resolved_at: Date | null;
  };
  'countersign.gap': { id: Id; from_at: Date; to_at: Date; reason: string; closed_at: Date | null };
}
