import { canonicalJson, type Json } from '@countersign/ledger';
import { accountsOf, idsByUsername } from './accounts.ts';
import { approvalHistory } from './approval-intervals.ts';
import { keyText, type CaptureOrigin, type ChangeKey } from './change.ts';
import type { Concealer, Sha256 } from './disclosure.ts';
import { descriptionOf } from './emergency.ts';
import type { MergeRequestEvent } from './event.ts';
import type { Reading, TicketFinding } from './evidence.ts';
import { coverageOf, inOrder, type JournalLine } from './journal.ts';
import { labelIntervals } from './label-history.ts';
import { inOrderOfName, snakeCase, toForm } from './record-form.ts';
import { revertedIid } from './revert.ts';
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
  const { event } = arrival;
  const journal = inOrder(input.journal);
  const coverage = coverageOf(journal);
  const { people, securityReviewers, ...parts } = evidence;

  return canonicalJson({
    type: recordType,
    id: recordId,
    capture: arrival.origin,
    locator: {
      instance: key.instance,
      project_id: key.projectId,
      iid: key.iid,
      merge_request_id: event.mergeRequestId,
      project_path: event.project.path,
      web_url: event.url,
    },
    policy: { sha256: policy.sha256, product: policy.product },
    reverts: revertedIid(descriptionOf(input), event.project.path),
    arrival: {
      received_at: arrival.receivedAt,
      sha256: arrival.sha256,
      authenticated_by: arrival.authenticatedBy,
      event: form(event, 'event'),
    },
    evidence: {
      ...Object.fromEntries(
        inOrderOfName(parts).map(([name, reading]) => [snakeCase(name), field(reading, snakeCase(name), form)]),
      ),
      people: people
        .toSorted((left, right) => left.id - right.id)
        .map(({ id, details }) => ({ id, details: field(details, 'user', form) })),
      security_reviewers: securityReviewers === null ? null : field(securityReviewers, 'group_members', form),
    },
    ticket: form(ticket, 'ticket'),
    journal: {
      covers_from: coverage.from,
      from_opening: coverage.fromOpening,
      events: form(journal, 'events'),
    },
    history: historyForm(input, form),
    answers: answers
      .toSorted((left, right) => (orderOfAnswer(left) < orderOfAnswer(right) ? -1 : 1))
      .map((answer) => ({
        name: answer.name,
        // A search names the person who was searched for.
        url: answer.url.includes('search=') ? conceal(answer.url) : answer.url,
        status: answer.status,
        sha256: answer.sha256,
        observed_at: answer.observedAt,
      })),
  });
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

function orderOfAnswer({ name, observedAt, sha256 }: AnswerLine): string {
  return `${observedAt} ${name} ${sha256}`;
}
