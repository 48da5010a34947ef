import { canonicalJson, type Json } from '@countersign/ledger';
import { accountsOf, idsByUsername } from './accounts.ts';
import { approvalHistory } from './approval-intervals.ts';
import { keyText, type CaptureOrigin, type ChangeKey } from './change.ts';
import type { Concealer, Sha256 } from './disclosure.ts';
import type { MergeRequestEvent } from './event.ts';
import type { PersonReading, Reading, TicketFinding } from './evidence.ts';
import { coverageOf, inOrder, type JournalLine } from './journal.ts';
import { labelIntervals } from './label-history.ts';
import { camelCase, fromForm, snakeCase, toForm } from './record-form.ts';
import type { Understood } from './review.ts';

export const recordType = 'https://github.com/countersign/countersign/predicates/security-review/v1';

/** The webhook, or the reconciliation, by which a change came to us. */
export interface Arrival {
  readonly origin: CaptureOrigin;
  readonly event: MergeRequestEvent;
  readonly receivedAt: string;
  /** Digest of the delivery's body; null where there was none. */
  readonly sha256: string | null;
  /** `signing_token` or `secret_token`; null where there was no delivery. */
  readonly authenticatedBy: string | null;
}

/** Name, digest, address and time of one answer. */
export interface AnswerLine {
  readonly name: string;
  readonly url: string;
  readonly status: number;
  readonly sha256: string;
  readonly observedAt: string;
}

/** Everything that a record is made of, and everything that can be read out of it again. */
export interface RecordInput {
  readonly key: ChangeKey;
  readonly recordId: string;
  readonly arrival: Arrival;
  readonly evidence: Understood;
  readonly ticket: TicketFinding;
  readonly journal: readonly JournalLine[];
  readonly answers: readonly AnswerLine[];
  /** Digest of the policy in force at the capture, and the version of this product. */
  readonly policy: { readonly sha256: string; readonly product: string };
}

/** `SEC-` and 16 hex digits: names a change on pages and in messages; the same for every node and every repeat. */
export function recordIdOf(key: ChangeKey, sha256: Sha256): string {
  return `SEC-${sha256(keyText(key)).slice(0, 16)}`;
}

/**
 * The canonical bytes of the record, as text (RFC 8785). The record ends at the seal: it holds what was found and no
 * verdict, no after-state, no publication. People stand in it by user id; names and free text are concealed.
 */
export function buildRecord(input: RecordInput, concealer: Concealer): string {
  const { key, recordId, arrival, evidence, ticket, answers, policy } = input;
  const conceal = (text: string): Json => ({ ...concealer.conceal(text) });
  const form = (value: unknown, name: string): Json => toForm(value, conceal, name);
  const { origin, event, ...received } = arrival;
  const journal = inOrder(input.journal);
  const { people, securityReviewers, ...parts } = evidence;

  return canonicalJson({
    type: recordType,
    id: recordId,
    capture: origin,
    locator: {
      instance: key.instance,
      project_id: key.projectId,
      iid: key.iid,
      merge_request_id: event.mergeRequestId,
      project_path: event.project.path,
      web_url: event.url,
    },
    policy: { sha256: policy.sha256, product: policy.product },
    arrival: { ...(form(received, 'arrival') as object), event: form(event, 'event') },
    evidence: {
      ...Object.fromEntries(
        Object.entries(parts).map(([name, reading]) => [snakeCase(name), field(reading, snakeCase(name), form)]),
      ),
      people: people
        .toSorted((left, right) => left.id - right.id)
        .map(({ id, details }) => ({ id, details: field(details, 'user', form) })),
      security_reviewers: securityReviewers === null ? null : field(securityReviewers, 'group_members', form),
    },
    ticket: form(ticket, 'ticket'),
    journal: {
      ...(form(coverageForm(journal), 'journal') as object),
      events: form(journal, 'events'),
    },
    history: historyForm(input, form),
    answers: answers
      .toSorted((left, right) => (orderOfAnswer(left) < orderOfAnswer(right) ? -1 : 1))
      .map((answer) => ({
        name: answer.name,
        url: answer.url,
        status: answer.status,
        sha256: answer.sha256,
        observed_at: answer.observedAt,
      })),
  });
}

/**
 * Reads a record back: what a judgement needs stands in the record alone. `open` gives the values of disclosures; what
 * has been erased comes back as empty text.
 */
export function readRecord(record: Json, open: (digest: string) => Json | undefined): RecordInput {
  const shape = record as unknown as RecordShape;
  const { locator, arrival, evidence, policy } = shape;
  const plain = <T>(form: Json): T => fromForm(form, open) as T;
  const { people, security_reviewers: reviewers, ...parts } = evidence;
  const { event, ...received } = arrival;
  return {
    key: { instance: locator.instance, projectId: locator.project_id, iid: locator.iid },
    recordId: shape.id,
    arrival: { origin: shape.capture, event: plain(event), ...plain<Omit<Arrival, 'origin' | 'event'>>(received) },
    evidence: {
      ...(Object.fromEntries(
        Object.entries(parts).map(([name, one]) => [camelCase(name), reading(one, plain)]),
      ) as unknown as Omit<Understood, 'people' | 'securityReviewers'>),
      people: people.map(({ id, details }): PersonReading => ({ id, details: reading(details, plain) })),
      securityReviewers: reviewers === null ? null : reading(reviewers, plain),
    },
    ticket: plain(shape.ticket),
    journal: plain(shape.journal.events),
    answers: shape.answers.map(({ observed_at: observedAt, ...answer }) => ({ ...answer, observedAt })),
    policy,
  };
}

/** What is known of one part, as a record holds it. Absent is never the same as empty. */
type FieldForm =
  | { source: string; value: Json; observed_at: string; response_sha256: string[] }
  | { source: string; unread: string; status: number | null };

interface RecordShape {
  readonly id: string;
  readonly capture: CaptureOrigin;
  readonly locator: { readonly instance: string; readonly project_id: number; readonly iid: number };
  readonly policy: RecordInput['policy'];
  readonly arrival: { readonly event: Json; readonly [key: string]: Json };
  readonly evidence: Readonly<Record<string, FieldForm>> & {
    readonly people: readonly { readonly id: number; readonly details: FieldForm }[];
    readonly security_reviewers: FieldForm | null;
  };
  readonly ticket: Json;
  readonly journal: { readonly events: Json };
  readonly answers: readonly (Omit<AnswerLine, 'observedAt'> & { readonly observed_at: string })[];
}

type Form = (value: unknown, name: string) => Json;

function field(one: Reading<unknown>, source: string, form: Form): Json {
  if (!one.ok) return { source, unread: one.code, status: one.status };
  return {
    source,
    value: form(one.value, 'value'),
    observed_at: one.observedAt,
    response_sha256: [...one.sha256],
  };
}

function reading<T>(one: FieldForm, plain: <P>(form: Json) => P): Reading<T> {
  if ('unread' in one) return { ok: false, code: one.unread, status: one.status };
  return { ok: true, value: plain<T>(one.value), observedAt: one.observed_at, sha256: one.response_sha256 };
}

/** What journal and answers together tell of the time before the merge, for whoever reads the record. */
function historyForm(input: RecordInput, form: Form): Json {
  const { evidence, journal, arrival } = input;
  const approvals = approvalHistory(evidence, journal, idsByUsername(accountsOf(evidence, arrival)));
  return {
    approvals: form(approvals.intervals, 'events'),
    labels: evidence.labelEvents.ok
      ? labelIntervals(evidence.labelEvents.value).map((one) => ({
          label_id: one.labelId,
          title: one.title,
          start: one.start,
          started_by: one.startedBy,
          end: one.end,
          ended_by: one.endedBy,
        }))
      : null,
    contradictions: approvals.contradictions.map(({ code, userId }) => ({ code, user_id: userId })),
  };
}

function coverageForm(journal: readonly JournalLine[]): { start: string | null; fromOpening: boolean } {
  const { from, fromOpening } = coverageOf(journal);
  return { start: from, fromOpening };
}

function orderOfAnswer({ name, observedAt, sha256 }: AnswerLine): string {
  return `${observedAt} ${name} ${sha256}`;
}
