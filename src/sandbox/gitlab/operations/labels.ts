import { z } from 'zod';
import { findLabel } from '../find.ts';
import { touch } from '../history.ts';
import { announceMergeRequest } from '../hooks/announce.ts';
import { hookLabels } from '../hooks/parts.ts';
import type { Label, MergeRequest, Project, Time, User } from '../model.ts';
import { isLicensed, type World } from '../world.ts';
import { actOnMergeRequest, at, needMergeRequest, operation, OperationError, reference, word } from './define.ts';
import { needPlace } from './groups.ts';
import { viewOf } from './view.ts';

const title = word.max(255);

export const createLabel = operation(
  z.strictObject({
    group: reference.optional(),
    project: reference.optional(),
    title,
    color: z
      .string()
      .regex(/^#[0-9A-Fa-f]{6}$/)
      .optional(),
    description: z.string().nullable().optional(),
    at,
  }),
  (world, input) => {
    const place = needPlace(world, input);
    const groupId = 'groupId' in place ? null : place.id;
    const projectId = 'groupId' in place ? place.id : null;
    for (const label of world.labels.values()) {
      if (label.title === input.title && label.groupId === groupId && label.projectId === projectId) {
        throw new OperationError('conflict', `There is a label ${input.title} already`);
      }
    }
    const label: Label = {
      id: world.nextId('label'),
      title: input.title,
      color: input.color ?? '#6699cc',
      description: input.description ?? null,
      groupId,
      projectId,
      createdAt: world.tick(input.at),
    };
    world.labels.set(label.id, label);
    return { id: label.id, title: label.title };
  },
);

/** Gives a label another title. It stays the same label, and old events show the new title. */
export const renameLabel = operation(
  z.strictObject({ group: reference.optional(), project: reference.optional(), title, to: title }),
  (world, { title, to, ...where }) => {
    const label = needLabelAt(world, where, title);
    const taken = [...world.labels.values()].some(
      (other) => other.title === to && other.groupId === label.groupId && other.projectId === label.projectId,
    );
    if (taken) throw new OperationError('conflict', `There is a label ${to} already`);
    label.title = to;
    return { id: label.id, title: to };
  },
);

/** Deletes a label everywhere. Merge requests lose it without an event. */
export const deleteLabel = operation(
  z.strictObject({ group: reference.optional(), project: reference.optional(), title }),
  (world, { title, ...where }) => {
    const label = needLabelAt(world, where, title);
    world.labels.delete(label.id);
    for (const mr of world.mergeRequests.values()) mr.labelIds = mr.labelIds.filter((id) => id !== label.id);
    return { id: label.id };
  },
);

export const addLabel = operation(z.strictObject({ ...actOnMergeRequest, label: title }), (world, input) => {
  const { project, mr, user } = needMergeRequest(world, input);
  relabel(world, project, mr, { add: [input.label], user, at: world.tick(input.at) });
  return viewOf(world, mr);
});

export const removeLabel = operation(z.strictObject({ ...actOnMergeRequest, label: title }), (world, input) => {
  const { project, mr, user } = needMergeRequest(world, input);
  relabel(world, project, mr, { remove: [input.label], user, at: world.tick(input.at) });
  return viewOf(world, mr);
});

function needLabelAt(world: World, where: Parameters<typeof needPlace>[1], title: string): Label {
  const place = needPlace(world, where);
  const owner = 'groupId' in place ? 'projectId' : 'groupId';
  const label = [...world.labels.values()].find((label) => label.title === title && label[owner] === place.id);
  if (label === undefined) throw new OperationError('not_found', `There is no label ${title} there`);
  return label;
}

interface Relabelling {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly user: User;
  readonly at: Time;
}

function relabel(
  world: World,
  project: Project,
  mr: MergeRequest,
  { add = [], remove = [], user, at }: Relabelling,
): void {
  const before = mr.labelIds;
  const adding = add.map((title) => needLabel(world, project, title));
  const removing = mr.labelIds.filter((id) => remove.includes(world.labels.get(id)?.title ?? ''));
  if (!applyLabels(world, mr, { adding, removing, user, at })) return;
  const changes = {
    ...touch(mr, user, at),
    labels: { previous: hookLabels(world, before), current: hookLabels(world, mr.labelIds) },
  };
  announceMergeRequest(world, mr, { action: 'update', user, at, changes });
}

export interface LabelChange {
  readonly adding: readonly Label[];
  readonly removing: readonly number[];
  readonly user: User;
  readonly at: Time;
}

/** Changes the labels and writes the events; false where nothing changed. */
export function applyLabels(world: World, mr: MergeRequest, { adding, removing, user, at }: LabelChange): boolean {
  const added = adding.filter(({ id }) => !mr.labelIds.includes(id));
  const pushedOut = isLicensed(world)
    ? mr.labelIds.filter((id) => added.some((label) => excludes(world, label, id)))
    : [];
  const removed = [...removing, ...pushedOut];
  if (added.length === 0 && removed.length === 0) return false;
  // With a licence a scope has one value at a time: of several that are added together, the last stays.
  const staying = isLicensed(world)
    ? added.filter((label, index) => !added.slice(index + 1).some((later) => excludes(world, later, label.id)))
    : added;
  mr.labelIds = [...mr.labelIds.filter((id) => !removed.includes(id)), ...staying.map(({ id }) => id)];
  const write = (labelId: number, action: 'add' | 'remove'): void => {
    mr.labelEvents.push({ id: world.nextId('event'), userId: user.id, at, labelId, action });
  };
  for (const { id } of staying) write(id, 'add');
  for (const id of removed) write(id, 'remove');
  return true;
}

export function needLabel(world: World, project: Project, title: string): Label {
  const label = findLabel(world, project, title);
  if (label === undefined) throw new OperationError('not_found', `${project.fullPath} has no label ${title}`);
  return label;
}

function excludes(world: World, label: Label, otherId: number): boolean {
  const scope = scopeOf(label.title);
  const other = world.labels.get(otherId)?.title;
  return scope !== undefined && other !== undefined && label.id !== otherId && scopeOf(other) === scope;
}

/** Everything before the last `::`; undefined for a label without scope. */
export function scopeOf(title: string): string | undefined {
  const end = title.lastIndexOf('::');
  return end > 0 && end + 2 < title.length ? title.slice(0, end) : undefined;
}
