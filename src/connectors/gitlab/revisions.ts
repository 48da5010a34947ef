import { z } from 'zod';
import type * as evidence from '../../domain/evidence.ts';
import { id, text, textOrEmpty, textOrNull, time, timeOrNull } from './fields.ts';

/** One element of `GET …/versions`. */
export const Version = z
  .object({
    id,
    head_commit_sha: text,
    base_commit_sha: textOrNull,
    start_commit_sha: textOrNull,
    created_at: time,
    patch_id_sha: textOrNull,
  })
  .transform((shown): evidence.Version => ({
    id: shown.id,
    headSha: shown.head_commit_sha,
    baseSha: shown.base_commit_sha,
    startSha: shown.start_commit_sha,
    createdAt: shown.created_at,
    // Of a diff that brings nothing there is no patch id: nothing that two of them could share.
    patchId: shown.patch_id_sha === '' ? null : shown.patch_id_sha,
  }));

/** One element of `GET …/commits`. GitLab leaves `parent_ids` empty in this listing, whatever the parents are. */
export const Commit = z
  .object({
    id: text,
    parent_ids: z
      .array(text)
      .nullish()
      .transform((ids) => (ids === null || ids === undefined || ids.length === 0 ? null : ids)),
    author_name: textOrEmpty,
    author_email: textOrEmpty,
    committer_name: textOrEmpty,
    committer_email: textOrEmpty,
    committed_date: timeOrNull,
  })
  .transform((shown): evidence.Commit => ({
    id: shown.id,
    parents: shown.parent_ids,
    authorName: shown.author_name,
    authorEmail: shown.author_email,
    committerName: shown.committer_name,
    committerEmail: shown.committer_email,
    committedAt: shown.committed_date,
  }));

/** `GET …/versions/:version` of that version; its diffs are not looked at. */
export function commitsOfVersion(versionId: number) {
  return z.object({ id: z.literal(versionId), commits: z.array(Commit) }).transform(({ commits }) => commits);
}
