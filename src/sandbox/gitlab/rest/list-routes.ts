import type { Routes, SandboxAnswer } from '../../http.ts';
import { projectsBelow } from '../find.ts';
import type { MergeRequest, Project } from '../model.ts';
import { hasSince, type World } from '../world.ts';
import { groupRoute, mayReadCode, projectRoute, route, type Asked } from './access.ts';
import { notFound, refuseEarly, Refusal } from './answers.ts';
import { peopleFilter, timeFilter } from './filters.ts';
import { labelFilter } from './label-filter.ts';
import { listMergeRequest } from './merge-request-entity.ts';
import { choiceOf, flagOf, paginate } from './paginate.ts';

/** Listings of merge requests: of a project, of a group with all below it, and of the instance. */
export function listRoutes(world: World): Routes {
  return {
    'GET /api/v4/projects/:id/merge_requests': projectRoute(world, {}, (asked) => {
      if (!mayReadCode(world, asked.user, asked.project)) throw new Refusal(notFound);
      return list(asked, [asked.project], 'all');
    }),
    'GET /api/v4/groups/:id/merge_requests': groupRoute(world, {}, (asked) => {
      const wanted = flagOf(asked.query, 'non_archived') === false ? () => true : ({ archived }: Project) => !archived;
      return list(asked, projectsBelow(world, asked.group).filter(wanted), 'all');
    }),
    'GET /api/v4/merge_requests': route(world, { signedIn: true }, (asked) =>
      list(asked, [...world.projects.values()], 'created_by_me'),
    ),
  };
}

const states = ['opened', 'closed', 'locked', 'merged', 'all'] as const;
const scopes = ['created_by_me', 'created-by-me', 'assigned_to_me', 'assigned-to-me', 'reviews_for_me', 'all'] as const;
const orders = [
  'created_at',
  'updated_at',
  'merged_at',
  'title',
  'label_priority',
  'priority',
  'milestone_due',
  'popularity',
] as const;
type Order = (typeof orders)[number];

function list(asked: Asked, projects: readonly Project[], usualScope: (typeof scopes)[number]): SandboxAnswer {
  const { world, query, user } = asked;
  if (query.get('pagination') === 'keyset' && world.switches.keysetOfMergeRequests === 'refused') {
    throw new Refusal(
      refuseEarly('6 parameters', 405, 'Keyset pagination is not yet available for this type of request'),
    );
  }
  const state = choiceOf(query, 'state', states) ?? 'all';
  const scope = choiceOf(query, 'scope', scopes) ?? usualScope;
  const order = orderOf(asked);
  const sort = choiceOf(query, 'sort', ['asc', 'desc']) ?? 'desc';
  const details = flagOf(query, 'with_labels_details') ?? false;
  const simple = choiceOf(query, 'view', ['simple']) === 'simple';
  const iids = [...query.getAll('iids[]'), ...query.getAll('iids')];
  const matchesLabels = labelFilter(world, query);
  const matchesPeople = peopleFilter(world, query);
  const matchesTimes = timeFilter(world, query);

  const rows = projects
    .filter((project) => mayReadCode(world, user, project))
    .flatMap((project) => [...project.mergeRequests.values()])
    .filter(
      (mr) =>
        (state === 'all' || mr.state === state) &&
        inScope(mr, scope, user?.id ?? 0) &&
        (iids.length === 0 || iids.includes(String(mr.iid))) &&
        matchesLabels(mr) &&
        matchesPeople(mr) &&
        matchesTimes(mr) &&
        matchesText(mr, query),
    );
  const sorted = rows.toSorted((a, b) => compare(a, b, order));
  return paginate(asked, factOf(world, query), sort === 'asc' ? sorted : sorted.toReversed(), (mr) =>
    simple ? showSimply(listMergeRequest(world, mr, details)) : listMergeRequest(world, mr, details),
  );
}

function orderOf({ world, query }: Asked): Order {
  const known = hasSince(world, '17.2') ? orders : orders.filter((order) => order !== 'merged_at');
  return choiceOf(query, 'order_by', known) ?? 'created_at';
}

function factOf(world: World, query: URLSearchParams) {
  if (query.get('labels')?.includes('::*') === true) return '6 labels wildcard' as const;
  const asksMerged = query.has('merged_after') || query.has('merged_before');
  return asksMerged && !world.switches.mergedAfterFilters ? '6 merged_after ignored' : ('6 list' as const);
}

function inScope(mr: MergeRequest, scope: (typeof scopes)[number], userId: number): boolean {
  if (scope === 'all') return true;
  if (scope === 'reviews_for_me') return mr.reviewers.some((reviewer) => reviewer.userId === userId);
  return scope.startsWith('created') ? mr.authorId === userId : mr.assigneeIds.includes(userId);
}

function matchesText(mr: MergeRequest, query: URLSearchParams): boolean {
  const search = query.get('search')?.toLowerCase();
  const branches = [
    [query.get('target_branch'), mr.targetBranch],
    [query.get('source_branch'), mr.sourceBranch],
  ] as const;
  if (branches.some(([wanted, branch]) => wanted !== null && wanted !== branch)) return false;
  if (query.get('wip') !== null && (query.get('wip') === 'yes') !== mr.draft) return false;
  return search === undefined || `${mr.title}\n${mr.description}`.toLowerCase().includes(search);
}

function compare(a: MergeRequest, b: MergeRequest, order: Order): number {
  const keyOf = (mr: MergeRequest): string => {
    if (order === 'updated_at') return mr.updatedAt;
    if (order === 'merged_at') return mr.mergedAt ?? '';
    return order === 'title' ? mr.title : mr.createdAt;
  };
  const [left, right] = [keyOf(a), keyOf(b)];
  return left === right ? a.id - b.id : left < right ? -1 : 1;
}

function showSimply(mr: ReturnType<typeof listMergeRequest>) {
  const { id, iid, project_id, title, description, state, created_at, updated_at, web_url } = mr;
  return { id, iid, project_id, title, description, state, created_at, updated_at, web_url };
}
