import type { Routes } from '../../http.ts';
import { userOf } from '../find.ts';
import { addNote, touch } from '../history.ts';
import { announceNote } from '../hooks/announce.ts';
import type { MergeRequest, Note } from '../model.ts';
import type { World } from '../world.ts';
import { mergeRequestRoute, type AskedOfMergeRequest } from './access.ts';
import { refuseEarly, succeed } from './answers.ts';
import { readBody } from './body.ts';
import { showLabelEvent, showNote, showStateEvent, showUserById } from './entities.ts';
import { showMergeRequest } from './merge-request-entity.ts';
import { choiceOf, flagOf, paginate } from './paginate.ts';

const one = '/api/v4/projects/:id/merge_requests/:iid';

/** What can be read of one merge request, apart from approvals. */
export function mergeRequestRoutes(world: World): Routes {
  const read = (answer: (asked: AskedOfMergeRequest) => ReturnType<typeof paginate>) =>
    mergeRequestRoute(world, {}, answer);
  return {
    [`GET ${one}`]: read(({ mr, user, query }) => {
      const details = flagOf(query, 'with_labels_details') ?? false;
      return succeed(details ? '4.2 label names' : '4.1 merge request', showMergeRequest(world, mr, user, details));
    }),
    [`GET ${one}/reviewers`]: read((asked) =>
      paginate(asked, '4.1 reviewers', asked.mr.reviewers, ({ userId, state, createdAt }) => ({
        user: showUserById(world, userId),
        state,
        created_at: createdAt,
      })),
    ),
    [`GET ${one}/participants`]: read((asked) =>
      paginate(asked, '4.1 participants', participantsOf(asked.mr), (id) => showUserById(world, id)),
    ),
    [`GET ${one}/notes`]: read((asked) => {
      choiceOf(asked.query, 'order_by', ['created_at', 'updated_at']);
      const sort = choiceOf(asked.query, 'sort', ['asc', 'desc']) ?? 'desc';
      const byTime = asked.mr.notes.toSorted((a, b) => (a.at === b.at ? a.id - b.id : a.at < b.at ? -1 : 1));
      const rows = sort === 'asc' ? byTime : byTime.toReversed();
      return paginate(asked, '4.1 notes', rows, (note) => showNote(world, asked.mr, note));
    }),
    [`POST ${one}/notes`]: mergeRequestRoute(world, { writes: true, signedIn: true }, ({ mr, user, request }) => {
      const { body } = readBody(request);
      if (typeof body !== 'string' || body === '') return refuseEarly('6 parameters', 400, 'body is missing');
      const author = user ?? userOf(world, mr.authorId);
      const at = world.tick();
      const note = addNote(world, mr, author, { body, system: false, resolvable: false, at });
      touch(mr, author, at);
      world.revision++;
      announceNote(world, mr, note, author);
      return succeed('4.1 notes', showNote(world, mr, note), 201);
    }),
    [`GET ${one}/discussions`]: read((asked) =>
      paginate(asked, '4.1 discussions', threadsOf(asked.mr), ([id, notes]) => ({
        id,
        individual_note: notes.every(({ resolvable }) => !resolvable),
        notes: notes.map((note) => showNote(world, asked.mr, note)),
      })),
    ),
    [`GET ${one}/resource_label_events`]: read((asked) => {
      const kept = asked.mr.labelEvents.filter(
        ({ labelId }) => world.switches.labelNullAfterDeletion || world.labels.has(labelId),
      );
      return paginate(asked, '4.7 label events', kept, (event) => showLabelEvent(world, asked.mr, event));
    }),
    [`GET ${one}/resource_state_events`]: read((asked) => {
      const kept = asked.mr.stateEvents.filter(
        ({ state }) => state !== 'opened' && (state !== 'merged' || world.switches.stateEventOfMerge),
      );
      return paginate(asked, '4.7 state events', kept, (event) => showStateEvent(world, asked.mr, event));
    }),
    [`GET ${one}/closes_issues`]: read((asked) =>
      paginate(asked, '4.1 closes_issues', asked.project.externalTracker ? closedBy(asked.mr) : [], (id) => ({
        id,
        title: `External Issue ${id}`,
      })),
    ),
  };
}

function threadsOf({ notes }: MergeRequest): [string, Note[]][] {
  return [...Map.groupBy(notes, ({ discussionId }) => discussionId)];
}

function participantsOf(mr: MergeRequest): number[] {
  return [
    ...new Set([
      mr.authorId,
      ...mr.assigneeIds,
      ...mr.reviewers.map(({ userId }) => userId),
      ...mr.notes.map(({ authorId }) => authorId),
    ]),
  ];
}

/** Issues of an external tracker that title and description say are closed. */
function closedBy(mr: MergeRequest): string[] {
  const closing =
    /\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):?\s+([A-Z][A-Z0-9_]*-\d+)/gi;
  const found = `${mr.title}\n${mr.description}`.matchAll(closing);
  return [...new Set([...found].map(([, id]) => (id ?? '').toUpperCase()))];
}
