import { canonicalJson, type Json } from '@countersign/ledger';
import { keyText, type CaptureOrigin, type ChangeKey } from './change.ts';
import type { Concealer, Sha256 } from './disclosure.ts';
import type { Account, Commit, Reading, TicketFinding } from './evidence.ts';
import type { MergeRequestEvent } from './event.ts';
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

/** One event of the journal, as the record cites it. */
export interface JournalLine {
  readonly action: string;
  readonly happenedAt: string | null;
  readonly receivedAt: string;
  readonly userId: number | null;
  readonly headSha: string | null;
  readonly oldRev: string | null;
  readonly labels: readonly string[];
  readonly system: boolean;
  readonly systemAction: string | null;
  /** Digest of the delivery's body. */
  readonly sha256: string | null;
}

export interface RecordInput {
  readonly key: ChangeKey;
  readonly arrival: Arrival;
  readonly evidence: Understood;
  readonly ticket: TicketFinding;
  readonly journal: readonly JournalLine[];
  /** Name, digest, address and time of every answer. */
  readonly answers: readonly { name: string; url: string; status: number; sha256: string; observedAt: string }[];
}

/** `SEC-` and 16 hex digits: names a change on pages and in messages; the same for every node and every repeat. */
export function recordIdOf(key: ChangeKey, sha256: Sha256): string {
  return `SEC-${sha256(keyText(key)).slice(0, 16)}`;
}

/**
 * The canonical bytes of the record, as text (RFC 8785). The record ends at the seal: it holds what was found and no
 * verdict, no after-state, no publication. People stand in it by user id; names and free text are concealed.
 */
export function buildRecord(input: RecordInput, concealer: Concealer, recordId: string): string {
  const conceal = (value: Json) => concealer.conceal(value);
  const { key, arrival, evidence, ticket, journal, answers } = input;
  const { event } = arrival;
  const person = (account: Account | null): Json =>
    account === null ? null : { id: account.id, username: conceal(account.username), name: conceal(account.name) };
  const commit = (one: Commit): Json => ({
    id: one.id,
    parents: one.parents,
    author: conceal({ name: one.authorName, email: one.authorEmail }),
    committer: conceal({ name: one.committerName, email: one.committerEmail }),
    committed_at: one.committedAt,
  });

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
    arrival: {
      received_at: arrival.receivedAt,
      sha256: arrival.sha256,
      authenticated_by: arrival.authenticatedBy,
      labels: event.labels,
      target_branch: event.targetBranch,
      source_branch: conceal(event.sourceBranch),
      title: conceal(event.title),
      actor_id: event.user?.id ?? null,
      head_sha: event.headSha,
      happened_at: event.actionedAt ?? event.updatedAt,
    },
    merge_request: field(evidence.mergeRequest, 'merge_request', (mr) => ({
      state: mr.state,
      title: conceal(mr.title),
      description: conceal(mr.description),
      source_branch: conceal(mr.sourceBranch),
      target_branch: mr.targetBranch,
      source_project_id: mr.sourceProjectId,
      draft: mr.draft,
      author: person(mr.author),
      merged_by: person(mr.mergeUser),
      created_at: mr.createdAt,
      prepared_at: mr.preparedAt,
      merged_at: mr.mergedAt,
      sha: mr.sha,
      merge_commit_sha: mr.mergeCommitSha,
      squash_commit_sha: mr.squashCommitSha,
      labels_when_read: mr.labels,
      blocking_discussions_resolved: mr.blockingDiscussionsResolved,
      head_pipeline: mr.headPipeline === null ? null : { ...mr.headPipeline },
    })),
    approvals: field(evidence.approvals, 'approvals', (approvals) => ({
      approved: approvals.approved,
      approvals_required: approvals.approvalsRequired,
      approved_by: approvals.approvedBy.map(({ user, approvedAt }) => ({
        user: person(user),
        approved_at: approvedAt,
      })),
    })),
    rules: field(evidence.approvalState, 'approval_state', (state) => ({
      overwritten: state.rulesOverwritten,
      rules: state.rules.map((rule) => ({
        id: rule.id,
        name: rule.name,
        type: rule.type,
        approvals_required: rule.approvalsRequired,
        approved: rule.approved,
        eligible: rule.eligible,
        approved_by: rule.approvedBy,
        overridden: rule.overridden,
      })),
    })),
    reviewers: field(evidence.reviewers, 'reviewers', (reviewers) =>
      reviewers.map(({ user, state, askedAt }) => ({ user: person(user), state, asked_at: askedAt })),
    ),
    versions: field(evidence.versions, 'versions', (versions) =>
      versions.map((version) => ({
        id: version.id,
        head_sha: version.headSha,
        base_sha: version.baseSha,
        start_sha: version.startSha,
        created_at: version.createdAt,
        patch_id: version.patchId,
      })),
    ),
    commits: field(evidence.commits, 'commits', (commits) => commits.map(commit)),
    label_events: field(evidence.labelEvents, 'label_events', (events) =>
      events.map((one) => ({
        id: one.id,
        action: one.action,
        label: one.label === null ? null : { ...one.label },
        user: person(one.user),
        created_at: one.createdAt,
      })),
    ),
    notes: field(evidence.notes, 'notes', ({ system, byPeople }) => ({
      by_people: byPeople,
      system: system.map((note) => ({
        id: note.id,
        body: conceal(note.body),
        author: person(note.author),
        created_at: note.createdAt,
      })),
    })),
    settings: field(evidence.projectSettings, 'project_settings', (settings) => ({
      author_may_approve: settings.authorMayApprove,
      committers_may_approve: settings.committersMayApprove,
      reset_on_push: settings.resetOnPush,
      rules_fixed: settings.rulesFixed,
    })),
    ticket: ticketField(ticket, conceal),
    journal: journal.map((line) => ({
      action: line.action,
      happened_at: line.happenedAt,
      received_at: line.receivedAt,
      user_id: line.userId,
      head_sha: line.headSha,
      old_rev: line.oldRev,
      labels: line.labels,
      system: line.system,
      system_action: line.systemAction,
      sha256: line.sha256,
    })),
    answers: answers.map((answer) => ({
      name: answer.name,
      url: answer.url,
      status: answer.status,
      sha256: answer.sha256,
      observed_at: answer.observedAt,
    })),
  });
}

// Absent is never the same as empty: what could not be read says so, and why.
function field<T>(reading: Reading<T>, source: string, show: (value: T) => Json): Json {
  if (!reading.ok) return { source, unread: reading.code, status: reading.status };
  return {
    source,
    value: show(reading.value),
    observed_at: reading.observedAt,
    response_sha256: [...reading.sha256],
  };
}

function ticketField(ticket: TicketFinding, conceal: Concealer['conceal']): Json {
  switch (ticket.kind) {
    case 'found':
      return {
        found: ticket.how,
        id: ticket.issue.id,
        identifier: ticket.issue.identifier,
        url: ticket.issue.url,
        title: conceal(ticket.issue.title),
        created_at: ticket.issue.createdAt,
        state: { ...ticket.issue.state },
        labels: ticket.issue.labels,
      };
    case 'none':
      return { found: null };
    case 'several':
      return { found: null, candidates: ticket.identifiers };
    case 'unreadable':
      return { unread: ticket.code };
  }
}
