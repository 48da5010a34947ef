import type { TicketFinding } from '../../domain/evidence.ts';
import { createHttp } from '../http.ts';
import { createCredential, type LinearAuth } from './auth.ts';
import { closeTickets, type CloseRequest } from './close-tickets.ts';
import { findTickets } from './find-tickets.ts';
import { createFoundIssues } from './found-issues.ts';
import { createGraphql } from './graphql.ts';
import type { CloseResult } from './judge-ticket.ts';
import type { TicketQuery } from './lookups.ts';
import { createTeamSettings } from './team-settings.ts';
import { createTeams, type CountedTeam } from './teams.ts';

export type { CloseRequest } from './close-tickets.ts';
export type { CloseResult, ClosedTicket } from './judge-ticket.ts';
export type { TicketQuery } from './lookups.ts';
export type { CountedTeam } from './teams.ts';

export interface LinearOptions {
  /** The GraphQL address, `https://api.linear.app/graphql`. */
  readonly url: string;
  readonly auth: LinearAuth;
  /** The label that closed issues get; compared without case, made where there is none. */
  readonly auditedLabel: string;
  /** The name of the completed state to move issues to; the first of the issue's own team where not given. */
  readonly completedState?: string;
  /** The only teams whose issues count, each closed in its own way; every team where there is none. */
  readonly teams?: readonly CountedTeam[];
  readonly now?: () => Date;
  readonly timeoutMs?: number;
  /** Refuses every call that may write, before it leaves. */
  readonly readOnly?: boolean;
}

export interface Linear {
  /** Finds the issue that a merge request belongs to. Reads only. */
  findTicket(query: TicketQuery): Promise<TicketFinding>;
  /**
   * The same for many, in few requests. One finding for each query, in their order. A finding is `unreadable` where
   * Linear gave an error for that merge request alone; its code says whether asking again may help.
   */
  findTickets(queries: readonly TicketQuery[]): Promise<TicketFinding[]>;
  /** Completes and labels issues and links the evidence. Safe to repeat. One result for each request, in their order. */
  closeTickets(requests: readonly CloseRequest[]): Promise<CloseResult[]>;
}

/** Speaks to Linear: finds the issue of a merge request, and closes issues. */
export function createLinear(options: LinearOptions): Linear {
  const now = options.now ?? (() => new Date());
  const http = createHttp({
    vendor: 'linear',
    now,
    timeoutMs: options.timeoutMs ?? 20_000,
    maxBytes: 8 * 1024 * 1024,
    readOnly: options.readOnly,
  });
  const credential = createCredential(options.auth, options.url, http, now);
  const graphql = createGraphql({ url: options.url, http, credential, now });
  const { auditedLabel, completedState = null } = options;
  const teams = createTeams(options.teams ?? [], { auditedLabel, completedState });
  const settings = createTeamSettings({ graphql, teams, now });
  const found = createFoundIssues(now);

  return {
    async findTicket(query) {
      const [finding] = await findTickets(graphql, teams, [query], found);
      return finding ?? { kind: 'none' };
    },
    findTickets: (queries) => findTickets(graphql, teams, queries, found),
    closeTickets: (requests) => closeTickets({ graphql, settings, teams, found }, requests),
  };
}
