import type { Routes } from '../../http.ts';
import { projectOf } from '../find.ts';
import type { Commit } from '../git-model.ts';
import { headPipeline } from '../mergeability.ts';
import type { MergeRequest, Project } from '../model.ts';
import { findCommit } from '../repository.ts';
import { changedFiles } from '../revisions.ts';
import type { World } from '../world.ts';
import { mayReadCode, mergeRequestRoute, projectRoute, type AskedOfProject } from './access.ts';
import { forbidden, notFound, refuse, Refusal, succeed } from './answers.ts';
import { keepsFiles, showCommit, showDiff, showPipeline, showVersion } from './git-entities.ts';
import { listMergeRequest } from './merge-request-entity.ts';
import { choiceOf, paginate } from './paginate.ts';

const one = '/api/v4/projects/:id/merge_requests/:iid';
const commitPath = '/api/v4/projects/:id/repository/commits/:sha';
const states = ['opened', 'closed', 'locked', 'merged', 'all'] as const;

/** What Git holds of merge requests: commits, versions of the diff, changed files, and pipelines of commits. */
export function gitRoutes(world: World): Routes {
  return {
    [`GET ${one}/commits`]: mergeRequestRoute(world, {}, (asked) => {
      const source = projectOf(world, asked.mr.sourceProjectId);
      const parents = world.switches.commitParentsInListing ? {} : { parent_ids: [] };
      return paginate(asked, '4.5 commits', asked.mr.commits.toReversed(), (commit) => ({
        ...showCommit(world, source, commit),
        ...parents,
      }));
    }),
    [`GET ${one}/versions`]: mergeRequestRoute(world, {}, (asked) =>
      paginate(asked, '4.1 versions', asked.mr.versions.toReversed(), (version) =>
        showVersion(world, asked.mr, version),
      ),
    ),
    [`GET ${one}/versions/:version`]: mergeRequestRoute(world, {}, ({ mr, request }) => {
      const version = mr.versions.find(({ id }) => String(id) === request.params['version']);
      if (version === undefined) return notFound;
      const source = projectOf(world, mr.sourceProjectId);
      return succeed('4.1 version', {
        ...showVersion(world, mr, version),
        commits: version.commits.toReversed().map((commit) => showCommit(world, source, commit)),
        diffs: keepsFiles(world, mr, version) ? version.files.map(showDiff) : [],
      });
    }),
    [`GET ${one}/pipelines`]: mergeRequestRoute(world, {}, (asked) =>
      paginate(asked, '4.1 pipelines', asked.mr.pipelines.toReversed(), (pipeline) =>
        showPipeline(world, asked.mr, asked.project, pipeline),
      ),
    ),
    [`GET ${one}/diffs`]: mergeRequestRoute(world, {}, (asked) =>
      paginate(asked, '4.1 diffs', changedFiles(asked.mr.commits), showDiff),
    ),
    [`GET ${commitPath}`]: projectRoute(world, {}, (asked) => {
      const commit = needCommit(asked);
      const lines = commit.files.length;
      const head = [...asked.project.mergeRequests.values()]
        .map(headPipeline)
        .find((found) => found?.sha === commit.sha);
      return succeed('4.5 commit', {
        ...showCommit(world, asked.project, commit),
        stats: { additions: lines, deletions: lines, total: 2 * lines },
        status: head?.status ?? null,
        project_id: asked.project.id,
      });
    }),
    [`GET ${commitPath}/merge_requests`]: projectRoute(world, {}, (asked) => {
      const commit = needCommit(asked);
      const state = choiceOf(asked.query, 'state', states) ?? 'all';
      const holding = holdersOf(asked.project, commit).filter((mr) => state === 'all' || mr.state === state);
      return paginate(asked, '4.5 merge requests of a commit', holding.toReversed(), (mr) =>
        listMergeRequest(world, mr, false),
      );
    }),
  };
}

function needCommit({ world, project, user, request }: AskedOfProject): Commit {
  if (!mayReadCode(world, user, project)) throw new Refusal(forbidden);
  const commit = findCommit(project, request.params['sha'] ?? '');
  if (commit === undefined) throw new Refusal(refuse('4.5 commit', 404, '404 Commit Not Found'));
  return commit;
}

/** Merge requests whose newest version has the commit, or that came to the target branch as it. */
function holdersOf(project: Project, { sha }: Commit): MergeRequest[] {
  return [...project.mergeRequests.values()].filter(
    ({ commits, mergeCommitSha, squashCommitSha }) =>
      sha === mergeCommitSha || sha === squashCommitSha || commits.some((commit) => commit.sha === sha),
  );
}
