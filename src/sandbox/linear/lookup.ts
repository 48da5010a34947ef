import { invalidArgument, notFound } from './errors.ts';
import type { Attachment, Issue, Label, State, Team } from './records.ts';
import type { Session } from './session.ts';
import { need, type Store } from './store.ts';
import type { LinearSwitches } from './switches.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Refuses what is not a UUID, naming the argument. */
export function requireUuid(session: Session, property: string, value: string): void {
  if (!uuid.test(value)) throw invalidArgument(session, property, 'must be a UUID');
}

/** Refuses an id chosen by the client that is not a UUID of version 4. */
export function requireUuid4(session: Session, property: string, value: string): void {
  if (!uuid4.test(value)) throw invalidArgument(session, property, 'must be a UUID v4');
}

/** Public teams, and the others that the credential was let into. */
export function sees(team: Team): boolean {
  return team.visibility === 'public' || team.admitted;
}

/** The identifier that people use, such as SEC-12. */
export function identifierOf(store: Store, issue: Issue): string {
  return `${need(store.teams, issue.teamId).key}-${issue.number}`;
}

/** The issue with this UUID or identifier, current or former, as the switches have it; invisible ones too. */
export function findIssue(
  store: Store,
  id: string,
  switches: Pick<LinearSwitches, 'identifierLookup' | 'identifierIgnoresCase' | 'oldIdentifierResolves'>,
): Issue | undefined {
  const byId = store.issues.get(id.toLowerCase());
  if (byId !== undefined || !switches.identifierLookup) return byId;
  const identifier = switches.identifierIgnoresCase ? id.toUpperCase() : id;
  const [key, number] = splitIdentifier(identifier);
  for (const issue of store.issues.values()) {
    if (issue.number === number && need(store.teams, issue.teamId).key === key) return issue;
  }
  if (!switches.oldIdentifierResolves) return undefined;
  return [...store.issues.values()].find(({ previousIdentifiers }) => previousIdentifiers.includes(identifier));
}

function splitIdentifier(identifier: string): [string, number] {
  const dash = identifier.lastIndexOf('-');
  const number = identifier.slice(dash + 1);
  return [identifier.slice(0, Math.max(dash, 0)), /^[1-9]\d*$/.test(number) ? Number(number) : Number.NaN];
}

/** The issue that a query asks for; absent and invisible are the same error. */
export function requireIssue(session: Session, id: string): Issue {
  const { store, switches } = session;
  const issue = findIssue(store, id, switches);
  if (issue === undefined) throw notFound(session, 'Issue');
  if (!sees(need(store.teams, issue.teamId))) throw notFound(session, 'Issue', 'linear 8.1 private team invisible');
  if (issue.archivedAt !== null && !switches.archivedVisibleById) throw notFound(session, 'Issue');
  return issue;
}

/** The issue that a mutation is about. An archived one can be written to. */
export function requireIssueToWrite(session: Session, id: string): Issue {
  const { switches } = session;
  const lookup = { ...switches, archivedVisibleById: true };
  if (!switches.mutationTakesIdentifier) requireUuid(session, 'id', id);
  return requireIssue({ ...session, switches: { ...lookup, identifierLookup: switches.mutationTakesIdentifier } }, id);
}

/** The team with this UUID or key. */
export function requireTeam(session: Session, id: string): Team {
  const team = session.store.teams.get(id) ?? [...session.store.teams.values()].find(({ key }) => key === id);
  if (team === undefined || !sees(team)) throw notFound(session, 'Team');
  return team;
}

/** The state with this UUID. */
export function requireState(session: Session, id: string, property = 'id'): State {
  requireUuid(session, property, id);
  const state = session.store.states.get(id);
  if (state === undefined || !sees(need(session.store.teams, state.teamId))) throw notFound(session, 'WorkflowState');
  return state;
}

/** The label with this UUID. */
export function requireLabel(session: Session, id: string, property = 'id'): Label {
  requireUuid(session, property, id);
  const label = session.store.labels.get(id);
  if (label === undefined || !seesLabel(session.store, label)) throw notFound(session, 'IssueLabel');
  return label;
}

/** Labels of the workspace, and those of visible teams. */
export function seesLabel(store: Store, label: Label): boolean {
  return label.teamId === null || sees(need(store.teams, label.teamId));
}

/** The attachment with this UUID. */
export function requireAttachment(session: Session, id: string): Attachment {
  const attachment = session.store.attachments.get(id);
  if (attachment === undefined || !seesIssue(session.store, attachment.issueId)) throw notFound(session, 'Attachment');
  return attachment;
}

/** Whether the credential reaches the team of this issue. */
export function seesIssue(store: Store, issueId: string): boolean {
  return sees(need(store.teams, need(store.issues, issueId).teamId));
}
