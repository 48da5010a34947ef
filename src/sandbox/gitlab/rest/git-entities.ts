import type { Commit, FileChange, Version } from '../git-model.ts';
import type { MergeRequest, Pipeline, Project } from '../model.ts';
import type { World } from '../world.ts';

export function showCommit(world: World, project: Project, commit: Commit) {
  return {
    id: commit.sha,
    short_id: commit.sha.slice(0, 8),
    created_at: commit.committedAt,
    parent_ids: commit.parents,
    title: commit.title,
    message: commit.message,
    author_name: commit.author.name,
    author_email: commit.author.email,
    authored_date: commit.authoredAt,
    committer_name: commit.committer.name,
    committer_email: commit.committer.email,
    committed_date: commit.committedAt,
    trailers: {},
    extended_trailers: {},
    web_url: `${world.origin}/${project.fullPath}/-/commit/${commit.sha}`,
  };
}

/** A file of a diff. The sandbox keeps no files, so that every change is one of a line that was there. */
export function showDiff({ path, diff }: FileChange) {
  return {
    old_path: path,
    new_path: path,
    a_mode: '100644',
    b_mode: '100644',
    diff,
    new_file: false,
    renamed_file: false,
    deleted_file: false,
    generated_file: false,
    collapsed: false,
    too_large: false,
  };
}

export function showVersion(world: World, mr: MergeRequest, version: Version) {
  return {
    id: version.id,
    head_commit_sha: version.headSha,
    base_commit_sha: version.baseSha,
    start_commit_sha: version.baseSha,
    created_at: version.createdAt,
    merge_request_id: mr.id,
    state: keepsFiles(world, mr, version) ? 'collected' : 'without_files',
    real_size: String(version.files.length),
    patch_id_sha: version.patchId,
  };
}

export function keepsFiles({ switches }: World, mr: MergeRequest, version: Version): boolean {
  return switches.olderVersionsKeepFiles || mr.state !== 'merged' || version === mr.versions.at(-1);
}

export function showPipeline(world: World, mr: MergeRequest, project: Project, pipeline: Pipeline) {
  return {
    id: pipeline.id,
    iid: pipeline.iid,
    project_id: project.id,
    sha: pipeline.sha,
    ref: `refs/merge-requests/${mr.iid}/head`,
    status: pipeline.status,
    source: 'merge_request_event',
    created_at: pipeline.createdAt,
    updated_at: pipeline.updatedAt,
    web_url: `${world.origin}/${project.fullPath}/-/pipelines/${pipeline.id}`,
  };
}
