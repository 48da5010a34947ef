import { forbidden, inputError, notFound } from './errors.ts';
import { requireLabel, requireTeam, requireUuid4 } from './lookup.ts';
import type { Issue, Label, Team } from './records.ts';
import type { Session } from './session.ts';
import { need, touch, type Store } from './store.ts';

/** Whether a label can be on issues of this team: the workspace's, the team's own, and those of the teams above it. */
export function labelFits(store: Store, label: Label, team: Team): boolean {
  if (label.teamId === null) return true;
  for (let at: Team | undefined = team; at !== undefined;) {
    if (at.id === label.teamId) return true;
    at = at.parentId === null ? undefined : store.teams.get(at.parentId);
  }
  return false;
}

export interface LabelChange {
  readonly labelIds?: readonly string[] | null;
  readonly addedLabelIds?: readonly string[] | null;
  readonly removedLabelIds?: readonly string[] | null;
}

/** The labels an issue would have after this change; refused where one of the new ones cannot be on it. */
export function labelsAfter(session: Session, issue: Issue, team: Team, change: LabelChange): string[] {
  const { store, switches, facts } = session;
  let labels = issue.labelIds.filter((id) => labelFits(store, need(store.labels, id), team));

  if (change.labelIds) {
    facts.add('linear 6 labelIds replaces');
    labels = addAll(session, team, [], change.labelIds, 'labelIds', issue.labelIds);
  }
  if (change.addedLabelIds) {
    facts.add('linear 6 addedLabelIds adds');
    const twice = change.addedLabelIds.some((id) => labels.includes(id));
    if (twice && switches.sameLabelTwiceFails) {
      throw inputError(session, 'The label is already on the issue', 'linear 6 label already present');
    }
    labels = addAll(session, team, labels, change.addedLabelIds, 'addedLabelIds', issue.labelIds);
  }
  if (change.removedLabelIds) {
    facts.add('linear 6 removedLabelIds removes');
    const gone = new Set(change.removedLabelIds.map((id) => requireLabel(session, id, 'removedLabelIds').id));
    labels = labels.filter((id) => !gone.has(id));
  }
  return labels;
}

function addAll(
  session: Session,
  team: Team,
  present: readonly string[],
  added: readonly string[],
  property: string,
  before: readonly string[],
): string[] {
  let labels = [...present];
  for (const id of added) {
    const label = requireLabel(session, id, property);
    if (labels.includes(label.id)) continue;
    if (!before.includes(label.id)) refuseUnusable(session, label, team);
    labels = [...makeRoom(session, label, labels), label.id];
  }
  return labels;
}

function refuseUnusable(session: Session, label: Label, team: Team): void {
  if (label.isGroup) {
    throw inputError(session, `The label "${label.name}" is a group`, 'linear 6 group cannot be applied');
  }
  if (label.retiredAt !== null) {
    throw inputError(session, `The label "${label.name}" is retired`, 'linear 6 retired label cannot be added');
  }
  if (!labelFits(session.store, label, team)) {
    throw inputError(
      session,
      `The label "${label.name}" is not available to team ${team.key}`,
      'linear 6 team label fits its team only',
    );
  }
}

// Of a single-select group an issue has one label at most.
function makeRoom(session: Session, label: Label, labels: readonly string[]): string[] {
  const { store, switches } = session;
  const group = label.parentId === null ? undefined : need(store.labels, label.parentId);
  if (group === undefined || group.groupType === 'multiSelect') return [...labels];
  const siblings = labels.filter((id) => need(store.labels, id).parentId === group.id);
  if (siblings.length > 0 && switches.groupSibling === 'refused') {
    throw inputError(
      session,
      `The issue already has a label of the group "${group.name}"`,
      'linear 6 group children are single-select',
    );
  }
  return labels.filter((id) => !siblings.includes(id));
}

export interface LabelInput {
  readonly name: string;
  readonly color?: string | null;
  readonly description?: string | null;
  readonly groupType?: 'singleSelect' | 'multiSelect' | null;
  readonly id?: string | null;
  readonly isGroup?: boolean | null;
  readonly parentId?: string | null;
  readonly retiredAt?: string | null;
  readonly teamId?: string | null;
}

/** Makes a label of the workspace or of one team. */
export function createLabel(session: Session, input: LabelInput, replaceTeamLabels: boolean): Label {
  const { store, facts } = session;
  if (store.labelsByAdminsOnly && !session.viewer.admin) {
    throw forbidden(session, 'Only admins can manage labels', 'linear 6 label creation restricted');
  }
  if (input.id) requireUuid4(session, 'id', input.id);
  const team = input.teamId ? requireTeam(session, input.teamId) : null;
  const parent = input.parentId ? requireLabel(session, input.parentId, 'parentId') : null;
  if (parent !== null && !parent.isGroup) throw notFound(session, 'IssueLabel group');

  const name = input.name.trim();
  const namesakes = [...store.labels.values()].filter(
    (label) =>
      label.name.toLowerCase() === name.toLowerCase() &&
      label.parentId === (parent?.id ?? null) &&
      (team === null || label.teamId === null || label.teamId === team.id),
  );
  const replaced = team === null && replaceTeamLabels ? namesakes.filter(({ teamId }) => teamId !== null) : [];
  if (namesakes.length > replaced.length) {
    throw inputError(session, `A label named "${name}" already exists`, 'linear 6 duplicate label name fails');
  }
  const label = keepLabel(store, { ...input, name, teamId: team?.id ?? null }, session.viewer.id);
  if (replaced.length > 0) {
    facts.add('linear 6 replaceTeamLabels merges');
    mergeInto(store, label, replaced);
  }
  facts.add('linear 6 label created');
  return label;
}

/** Keeps a label, unchecked. */
export function keepLabel(store: Store, input: LabelInput, creatorId: string | null): Label {
  const isGroup = input.isGroup ?? false;
  const label: Label = {
    ...store.stamp(input.id ?? undefined),
    name: input.name,
    teamId: input.teamId ?? null,
    parentId: input.parentId ?? null,
    isGroup,
    groupType: isGroup ? (input.groupType ?? 'singleSelect') : null,
    color: input.color ?? '#bec2c8',
    description: input.description ?? null,
    retiredAt: input.retiredAt ?? null,
    lastAppliedAt: null,
    creatorId,
  };
  store.labels.set(label.id, label);
  return label;
}

function mergeInto(store: Store, label: Label, replaced: readonly Label[]): void {
  const gone = new Set(replaced.map(({ id }) => id));
  for (const issue of store.issues.values()) {
    if (!issue.labelIds.some((id) => gone.has(id))) continue;
    issue.labelIds = [...issue.labelIds.filter((id) => !gone.has(id)), label.id];
    touch(store, issue);
  }
  for (const { id } of replaced) store.labels.delete(id);
}

/** Takes a label away from the workspace and from every issue. */
export function deleteLabel(store: Store, label: Label): void {
  for (const issue of store.issues.values()) issue.labelIds = issue.labelIds.filter((id) => id !== label.id);
  store.labels.delete(label.id);
}
