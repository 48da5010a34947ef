import type { Kysely } from 'kysely';
import type { CloseRequest, CloseResult, Linear } from '../../connectors/linear/client.ts';
import type { TicketFinding } from '../../domain/evidence.ts';
import { notJudged } from '../../domain/shortfall.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { Change } from '../../storage/changes.ts';
import { keepIssues, type ClosedIssue } from '../../storage/issues.ts';
import type { Tables } from '../../storage/tables.ts';
import { readVerdicts } from '../../storage/verdicts.ts';
import { resultOfError, type Stage, type StageResult, type Work } from '../stage.ts';
import { findTickets } from './find-tickets.ts';

export interface CloseIssueParts {
  readonly database: { readonly db: Kysely<Tables> };
  readonly linear: Pick<Linear, 'closeTickets' | 'findTickets'>;
  /** Where our own links lead, without a slash at its end. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

/** Completes the linked Linear issue, tags it, and attaches the record as evidence. */
export function createCloseIssue(parts: CloseIssueParts): Stage {
  return {
    name: 'close-issue',
    batchSize: 20,
    concurrency: 2,
    async run(batch) {
      const results = new Map<number, StageResult>();
      const requests: { change: Change; request: CloseRequest }[] = [];
      // What capture could not tell may have been settled since, by time or by a person.
      const found = await findTickets(parts.linear, batch.filter(isUnsettled));
      const verdicts = await readVerdicts(
        parts.database.db,
        batch.map(({ change }) => change.id),
      );
      for (const { change } of batch) {
        const ticket = found.get(change.id) ?? change.ticket ?? { kind: 'none' };
        const request = requestOf(ticket, evidenceOf(parts, change, verdicts.get(change.id) ?? notJudged));
        if ('kind' in request) results.set(change.id, request);
        else requests.push({ change, request });
      }

      const closed: ClosedIssue[] = [];
      const answers =
        requests.length === 0 ? [] : await parts.linear.closeTickets(requests.map(({ request }) => request));
      for (const [index, { change }] of requests.entries()) {
        const answer = answers[index]!;
        results.set(change.id, resultOf(answer));
        if (answer.kind === 'closed') {
          const { id, identifier, url, completedAt } = answer.issue;
          closed.push({ changeId: change.id, issueId: id, identifier, url, completedAt });
        }
      }
      return { results, save: (db) => keepIssues(db, closed, parts.now()) };
    },
  };
}

function isUnsettled({ change }: Work): boolean {
  return change.ticket?.kind === 'unreadable' || change.ticket?.kind === 'several';
}

// The merge request's own address belongs to Linear's GitLab integration: one attachment per issue and address.
function evidenceOf({ publicUrl }: CloseIssueParts, change: Change, { overall }: Verdict): CloseRequest['attachment'] {
  const { recordId, event } = change;
  return {
    url: `${publicUrl}/records/${recordId}`,
    title: `Security review ${recordId}: ${overall}`,
    subtitle: `Merged ${event.project.path}!${event.iid}`,
    metadata: { record: recordId },
  };
}

function requestOf(ticket: TicketFinding, attachment: CloseRequest['attachment']): CloseRequest | StageResult {
  switch (ticket.kind) {
    case 'none':
      return { kind: 'skipped', reason: 'no_issue' };
    case 'several': {
      const detail = `Several Linear issues are linked (${ticket.identifiers.join(', ')}); close the right one by hand`;
      return { kind: 'failed', code: 'ambiguous', detail };
    }
    case 'unreadable': {
      const detail = 'Linear could not be read, so no issue was closed; see the credential and its access';
      return { kind: 'failed', code: ticket.code, detail };
    }
    case 'found':
      return { issueId: ticket.issue.id, attachment };
  }
}

function resultOf(answer: CloseResult): StageResult {
  switch (answer.kind) {
    case 'closed':
      return { kind: 'done' };
    case 'refused':
      return { kind: 'failed', code: answer.code, detail: answer.message };
    case 'error':
      return resultOfError(answer.error);
  }
}
