/* oxlint-disable typescript/no-unsafe-type-assertion -- a record is our own sealed writing: its bytes are held against
   their digest, and its types are those that buildRecord gave it. */
import type { Json } from '@countersign/ledger';
import type { CaptureOrigin } from './change.ts';
import type { Reading } from './evidence.ts';
import type { AnswerLine, Arrival, RecordInput } from './record.ts';
import { camelCase, fromForm } from './record-form.ts';
import type { Understood } from './review.ts';

/**
 * Reads a record back: what a judgement needs stands in the record alone. `open` gives the values of disclosures; what
 * has been erased comes back as a mark.
 */
export function readRecord(record: Json, open: (digest: string) => Json | undefined): RecordInput {
  const { id, capture, locator, arrival, evidence, policy, ticket, journal, answers } =
    record as unknown as RecordShape;
  const plain = (form: Json): never => fromForm(form, open) as never;
  const { people, security_reviewers: reviewers, ...parts } = evidence;
  const readings = Object.entries(parts).map(([name, one]) => [camelCase(name), readingOf(one, plain)] as const);
  return {
    key: { instance: locator.instance, projectId: locator.project_id, iid: locator.iid },
    recordId: id,
    arrival: {
      origin: capture,
      receivedAt: arrival.received_at,
      sha256: arrival.sha256,
      authenticatedBy: arrival.authenticated_by,
      event: plain(arrival.event),
    },
    evidence: {
      ...(Object.fromEntries(readings) as unknown as Omit<Understood, 'people' | 'securityReviewers'>),
      people: people.map((one) => ({ id: one.id, details: readingOf(one.details, plain) })),
      securityReviewers: reviewers === null ? null : readingOf(reviewers, plain),
    },
    ticket: plain(ticket),
    journal: plain(journal.events),
    answers: answers.map(({ observed_at: observedAt, url, ...rest }) => ({ ...rest, url: plain(url), observedAt })),
    policy,
  };
}

type FieldShape =
  | { readonly value: Json; readonly observed_at: string; readonly response_sha256: string[] }
  | { readonly unread: string; readonly status: number | null };

interface RecordShape {
  readonly id: string;
  readonly capture: CaptureOrigin;
  readonly locator: { readonly instance: string; readonly project_id: number; readonly iid: number };
  readonly policy: RecordInput['policy'];
  readonly arrival: {
    readonly received_at: string;
    readonly sha256: Arrival['sha256'];
    readonly authenticated_by: Arrival['authenticatedBy'];
    readonly event: Json;
  };
  readonly evidence: Readonly<Record<string, FieldShape>> & {
    readonly people: readonly { readonly id: number; readonly details: FieldShape }[];
    readonly security_reviewers: FieldShape | null;
  };
  readonly ticket: Json;
  readonly journal: { readonly events: Json };
  readonly answers: readonly (Omit<AnswerLine, 'observedAt' | 'url'> & {
    readonly observed_at: string;
    readonly url: Json;
  })[];
}

function readingOf<T>(one: FieldShape, plain: (form: Json) => T): Reading<T> {
  if ('unread' in one) return { ok: false, code: one.unread, status: one.status };
  return { ok: true, value: plain(one.value), observedAt: one.observed_at, sha256: one.response_sha256 };
}
