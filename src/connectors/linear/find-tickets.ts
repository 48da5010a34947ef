import type { Ticket, TicketFinding, TicketHow } from '../../domain/evidence.ts';
import type { FoundIssues } from './found-issues.ts';
import type { Graphql } from './graphql.ts';
import { costOf, lookUp, planOf, type Found, type Lookups, type Plan, type TicketQuery } from './lookups.ts';
import type { FoundIssue } from './schema.ts';
import type { Teams } from './teams.ts';

// One document may cost 10,000 points; a part is left for what the estimate does not know.
const mostPoints = 9_000;
const mostPerDocument = 20;

/**
 * Finds the issue of each merge request. Throws where a request failed; a finding is `unreadable` where Linear gave
 * no answer for that merge request alone.
 */
export async function findTickets(
  graphql: Graphql,
  teams: Teams,
  queries: readonly TicketQuery[],
  found: FoundIssues,
): Promise<TicketFinding[]> {
  const findings: TicketFinding[] = [];
  for (const plans of packed(queries.map((query) => planOf(query, teams)))) {
    const lookups = await lookUp(graphql, plans);
    for (const plan of plans) findings.push(await findOne(plan, lookups, teams, found));
  }
  return findings;
}

/** From what Linear itself recorded to what a text merely names: the first step that finds anything ends the search. */
async function findOne(
  { urls, branch, mentions }: Plan,
  lookups: Lookups,
  teams: Teams,
  kept: FoundIssues,
): Promise<TicketFinding> {
  const steps: readonly (readonly [TicketHow, () => Found | Promise<Found>])[] = [
    ['attachment', () => lookups.byUrls(urls)],
    ['branch', () => withoutIgnored(lookups.byBranch(branch), mentions.ignored)],
    ['branch', async () => lookups.byMentions(mentions.branch)],
    ['magic_word', async () => lookups.byMentions(mentions.closing)],
    ['magic_word', async () => lookups.byMentions(mentions.linking)],
    ['issue_url', async () => lookups.byMentions(mentions.links)],
  ];

  for (const [how, look] of steps) {
    const found = await look();
    if (found.kind === 'error') return { kind: 'unreadable', code: found.error.code };
    const issues = standing(found.issues).filter(({ team }) => teams.counts(team.key));
    const [issue] = issues;
    if (issue === undefined) continue;
    if (issues.length === 1) {
      kept.keep(issue);
      return { kind: 'found', how, issue: ticketOf(issue) };
    }
    return { kind: 'several', identifiers: issues.map(({ identifier }) => identifier) };
  }
  return { kind: 'none' };
}

/** Every issue once, and none that lies in the trash. */
function standing(issues: readonly FoundIssue[]): FoundIssue[] {
  const byId = new Map(issues.map((issue) => [issue.id, issue]));
  return [...byId.values()].filter(({ trashed }) => trashed !== true);
}

function withoutIgnored(found: Found, ignored: ReadonlySet<string>): Found {
  if (found.kind === 'error') return found;
  return { kind: 'issues', issues: found.issues.filter(({ identifier }) => !ignored.has(identifier.toUpperCase())) };
}

function packed(plans: readonly Plan[]): Plan[][] {
  const documents: Plan[][] = [];
  for (const plan of plans) {
    const open = documents.at(-1);
    if (open !== undefined && open.length < mostPerDocument && costOf([...open, plan]) <= mostPoints) open.push(plan);
    else documents.push([plan]);
  }
  return documents;
}

function ticketOf(issue: FoundIssue): Ticket {
  return {
    id: issue.id,
    identifier: issue.identifier,
    url: issue.url,
    title: issue.title,
    createdAt: issue.createdAt,
    state: { name: issue.state.name, type: issue.state.type },
    labels: issue.labels.nodes.map(({ name }) => name),
  };
}
