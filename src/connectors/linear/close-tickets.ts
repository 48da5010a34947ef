import { isConnectorError, type ConnectorError } from '../errors.ts';
import { attach, closableIssue, updateIssue, type Attachment, type Field } from './documents.ts';
import type { FoundIssues } from './found-issues.ts';
import { tryField, unreadable, type Graphql, type SentAnswer } from './graphql.ts';
import {
  judgeError,
  judgeFailure,
  judgeForeign,
  judgeTicket,
  lackOf,
  refused,
  type CloseResult,
  type Lack,
} from './judge-ticket.ts';
import { readBack, type Written } from './read-back.ts';
import { ClosableIssues, type ClosableIssue } from './schema.ts';
import type { Settings, TeamSettings } from './team-settings.ts';
import type { Teams } from './teams.ts';

export interface CloseRequest {
  /** Linear's UUID. */
  readonly issueId: string;
  /** The evidence, as a link on the issue. One that is there already stays as it is. */
  readonly attachment: Attachment;
}

/** One request on its way to its result. */
interface Work {
  readonly request: CloseRequest;
  /** As the issue was read first, and last. */
  before: ClosableIssue | undefined;
  issue: ClosableIssue | undefined;
  /** How the last write went; `passed_over`: another one's error ended the document before it. */
  write: 'none' | 'done' | 'passed_over' | ConnectorError;
  written: boolean;
  refreshed: boolean;
  result: CloseResult | undefined;
}

/** A field of the closing document, what it writes, and the requests it is for. */
interface Step {
  readonly field: Field;
  readonly writes: Written['what'];
  readonly works: readonly Work[];
}

export interface CloseParts {
  readonly graphql: Graphql;
  readonly settings: TeamSettings;
  readonly teams: Teams;
  readonly found: FoundIssues;
}

const mostPerDocument = 20;

/**
 * Closes issues: reads, writes what is missing, reads back. What was found a moment ago counts as read, and what the
 * write's own answer shows as read back; whatever of it leaves a doubt is read. One result for each request, in their order.
 */
export async function closeTickets(parts: CloseParts, requests: readonly CloseRequest[]): Promise<CloseResult[]> {
  const results: CloseResult[] = [];
  for (let from = 0; from < requests.length; from += mostPerDocument) {
    results.push(...(await closeChunk(parts, requests.slice(from, from + mostPerDocument))));
  }
  return results;
}

async function closeChunk(parts: CloseParts, requests: readonly CloseRequest[]): Promise<CloseResult[]> {
  const works = requests.map((request): Work => ({
    request,
    before: undefined,
    issue: undefined,
    write: 'none',
    written: false,
    refreshed: false,
    result: undefined,
  }));

  for (const [issueId, sharing] of Map.groupBy(works, ({ request }) => request.issueId)) {
    const known = parts.found.take(issueId);
    for (const work of sharing) work.before = work.issue = known;
  }
  let unread = works.filter(({ issue }) => issue === undefined);

  // Every turn settles a request, or gives it its one second try: what a document's first error passed over goes on.
  for (let open = works; open.length > 0; unread = open = works.filter(({ result }) => result === undefined)) {
    if (unread.length > 0) await readIssues(parts, unread);
    for (const work of open) work.result ??= judge(parts, work);
    const ready = await prepare(
      parts,
      works.filter(({ result }) => result === undefined),
    );
    if (ready.length > 0) await write(parts, ready);
  }
  return works.map(({ result }) => result ?? refused('not_found', 'The issue was not read'));
}

async function readIssues({ graphql }: CloseParts, works: readonly Work[]): Promise<void> {
  const answers = await graphql.ask(
    'ReadIssues',
    works.map(({ request }) => closableIssue(request.issueId, request.attachment.url)),
  );
  for (const [index, work] of works.entries()) {
    const read = tryField(answers[index], ClosableIssues, 'ReadIssues');
    if (!read.ok) work.result = judgeError(read.error);
    work.issue = read.ok ? read.value?.nodes[0] : undefined;
    work.before ??= work.issue;
  }
}

function judge({ settings, teams }: CloseParts, work: Work): CloseResult | undefined {
  const { issue, before, written, write } = work;
  const { auditedLabel } = teams.closingOf(issue?.team.key ?? '');
  // What the issue shows counts for more than what the write answered: it may have failed and happened.
  const result = judgeTicket(issue, before, auditedLabel, written);
  if (result !== undefined || issue === undefined) return result;
  // It may have moved since it was found, or the configuration may have changed.
  if (!teams.counts(issue.team.key)) return judgeForeign(issue, teams.keys);
  if (write === 'none' || write === 'passed_over') return undefined;
  if (write === 'done') return judgeFailure(issue, auditedLabel, undefined);

  // A state or label that we remember may be gone.
  if (!work.refreshed && (write.code === 'refused' || write.code === 'not_found')) {
    settings.forget(issue.team.id);
    work.refreshed = true;
    return undefined;
  }
  return judgeFailure(issue, auditedLabel, write);
}

interface Ready {
  readonly work: Work;
  readonly issue: ClosableIssue;
  readonly settings: Settings;
}

/** Finds out where each issue is to be moved; settles those for which there is no state or no label. */
async function prepare({ settings, teams }: CloseParts, works: readonly Work[]): Promise<Ready[]> {
  if (works.length === 0) return [];
  const known = await settings.of(works.flatMap(({ issue }) => issue?.team ?? []));
  return works.flatMap((work) => {
    const { issue } = work;
    const of = issue === undefined ? undefined : known.get(issue.team.id);
    if (issue === undefined || of === undefined) return [];
    const lack = lacks(teams, issue);
    const missing = [lack.state ? of.state : null, lack.label ? of.label : null].find((target) => target?.ok === false);
    if (missing?.ok === false) {
      work.result = judgeError(missing.error);
      return [];
    }
    return [{ work, issue, settings: of }];
  });
}

async function write(parts: CloseParts, ready: readonly Ready[]): Promise<void> {
  const steps = stepsOf(parts, ready);
  for (const { work } of ready) {
    work.write = 'done';
    work.written = true;
  }
  let answers: readonly SentAnswer[];
  try {
    answers = await parts.graphql.send(
      'mutation',
      'CloseIssues',
      steps.map(({ field }) => field),
    );
  } catch (error) {
    const forGood = isConnectorError(error) && ['refused', 'forbidden', 'not_found', 'too_large'].includes(error.code);
    if (!forGood) throw error;
    // The document as a whole was refused and nothing of it done: alone, each shows whether it is the one.
    if (ready.length > 1) for (const one of ready) await write(parts, [one]);
    else for (const { work } of ready) work.write = error;
    return;
  }

  const failed = answers.some(({ kind }) => kind === 'error');
  const written = new Map<Work, Written[]>(ready.map(({ work }) => [work, []]));
  for (const [index, step] of steps.entries()) {
    const answer = answers[index] ?? { kind: 'none' };
    for (const work of step.works) {
      if (answer.kind === 'error') work.write = answer.error;
      else if (answer.kind === 'none' && work.write === 'done')
        work.write = failed ? 'passed_over' : unreadable('CloseIssues');
      written.get(work)?.push({ what: step.writes, answer });
    }
  }
  for (const [work, answered] of written) work.result = shownClosed(parts, work, answered);
}

/** The result where the answers themselves show the issue closed; undefined leaves the doubt to a reading. */
function shownClosed(parts: CloseParts, work: Work, answered: readonly Written[]): CloseResult | undefined {
  if (work.write !== 'done') return undefined;
  const shown = readBack(work.request, work.issue, answered);
  const result = shown === undefined ? undefined : judge(parts, { ...work, issue: shown });
  return result?.kind === 'closed' ? result : undefined;
}

/** The fields of one closing document: each issue is updated once, each link attached. */
function stepsOf({ teams }: CloseParts, ready: readonly Ready[]): Step[] {
  const updates: Step[] = [];
  const attachments: Step[] = [];
  for (const [issueId, sharing] of Map.groupBy(ready, ({ issue }) => issue.id)) {
    const [first] = sharing;
    const lack = first === undefined ? undefined : lacks(teams, first.issue);
    if (first !== undefined && (lack?.state === true || lack?.label === true)) {
      const { state, label } = first.settings;
      const change = {
        state: lack.state && state.ok ? state.id : null,
        label: lack.label && label.ok ? label.id : null,
      };
      updates.push({ field: updateIssue(issueId, change), writes: 'issue', works: sharing.map(({ work }) => work) });
    }
    for (const { work, issue } of sharing) {
      if (!lacks(teams, issue).attachment) continue;
      attachments.push({ field: attach(issueId, work.request.attachment), writes: 'attachment', works: [work] });
    }
  }
  return [...updates, ...attachments];
}

function lacks(teams: Teams, issue: ClosableIssue): Lack {
  return lackOf(issue, teams.closingOf(issue.team.key).auditedLabel);
}
