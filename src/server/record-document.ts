import { z } from 'zod';

/** Stands in place of text that names a person or was typed by one: SHA-256 of the canonical `[salt, text]`. */
const concealed = z
  .strictObject({ concealed: z.string().regex(/^[0-9a-f]{64}$/) })
  .meta({ id: 'Concealed', description: 'Digest of a text that the disclosures beside the record open.' });
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.iso.datetime();
const timeOrNull = time.nullable();
const id = z.int();
const idOrNull = id.nullable();
const text = z.string();
const textOrNull = text.nullable();
const flagOrNull = z.boolean().nullable();

/** A part of the evidence: what it says, or the code of why it could not be read. */
function field<T extends z.ZodType>(value: T, description: string) {
  return z
    .union([
      z.strictObject({ source: text, value, observed_at: time, response_sha256: z.array(digest) }),
      z.strictObject({ source: text, unread: text, status: z.int().nullable() }),
    ])
    .meta({ description });
}

const account = z
  .strictObject({
    id,
    username: concealed,
    name: concealed,
    state: text.optional(),
    public_email: concealed.optional(),
  })
  .meta({ id: 'Account' });
const pipeline = z.strictObject({ id, status: text, sha: text, created_at: timeOrNull, updated_at: timeOrNull });

const mergeRequest = z.strictObject({
  id,
  iid: id,
  project_id: id,
  source_project_id: idOrNull,
  state: text,
  title: concealed,
  description: concealed,
  web_url: text,
  source_branch: concealed,
  target_branch: concealed,
  draft: z.boolean(),
  author: account.nullable(),
  merge_user: account.nullable(),
  created_at: time,
  prepared_at: timeOrNull,
  merged_at: timeOrNull,
  sha: textOrNull,
  merge_commit_sha: textOrNull,
  squash_commit_sha: textOrNull,
  labels: z.array(text),
  reference: textOrNull,
  blocking_discussions_resolved: flagOrNull,
  head_pipeline: pipeline.nullable(),
  imported: z.boolean(),
});

const rule = z.strictObject({
  id: idOrNull,
  name: concealed,
  type: text,
  approvals_required: z.int(),
  approved: flagOrNull,
  eligible: z.array(id),
  approved_by: z.array(id),
  overridden: flagOrNull,
  hidden_groups: z.boolean(),
  source_required: z.int().nullable(),
});

const commit = z
  .strictObject({
    id: text,
    parents: z.array(text).nullable(),
    author_name: concealed,
    author_email: concealed,
    committer_name: concealed,
    committer_email: concealed,
    committed_at: timeOrNull,
  })
  .meta({ id: 'Commit' });

const evidence = z.strictObject({
  merge_request: field(mergeRequest, 'The merge request, read right after its merge.'),
  approvals: field(
    z.strictObject({
      approved: flagOrNull,
      approvals_required: z.int().nullable(),
      approved_by: z.array(z.strictObject({ user: account, approved_at: timeOrNull })),
    }),
    'Who approved. GitLab’s own summary is kept and never trusted.',
  ),
  approval_state: field(
    z.strictObject({ rules_overwritten: flagOrNull, rules: z.array(rule) }),
    'The approval rules and who met them; Premium and above.',
  ),
  reviewers: field(
    z.array(z.strictObject({ user: account, state: text, asked_at: timeOrNull })),
    'Who was asked to review.',
  ),
  versions: field(
    z.array(
      z.strictObject({
        id,
        head_sha: text,
        base_sha: textOrNull,
        start_sha: textOrNull,
        created_at: time,
        patch_id: textOrNull,
      }),
    ),
    'One version of the diff for each push.',
  ),
  commits: field(z.array(commit), 'The commits of the last version. Names and addresses are unverified git text.'),
  earlier_commits: field(
    z.array(z.strictObject({ version_id: id, commits: z.array(commit) })),
    'Commits of earlier versions that the last no longer holds.',
  ),
  identities: field(
    z.array(
      z.strictObject({
        email: concealed,
        user_id: id,
        by: z.enum(['commit_author', 'private_address', 'public_email']),
      }),
    ),
    'Commit addresses that GitLab itself maps to a user.',
  ),
  label_events: field(
    z.array(
      z.strictObject({
        id,
        action: z.enum(['add', 'remove']),
        label: z.strictObject({ id, name: text }).nullable(),
        user: account.nullable(),
        created_at: time,
      }),
    ),
    'Who added and removed which label.',
  ),
  state_events: field(
    z.array(
      z.strictObject({
        id,
        state: text,
        user: account.nullable(),
        created_at: time,
        source: z
          .strictObject({ kind: z.enum(['commit', 'merge_request']), id: text })
          .nullable()
          .optional(),
      }),
    ),
    'Who closed, reopened and merged, and what merged it other than its own button.',
  ),
  notes: field(
    z.strictObject({
      system: z.array(
        z.strictObject({
          id,
          body: concealed,
          meaning: z
            .union([
              z.strictObject({ kind: z.enum(['approved', 'unapproved', 'pushed', 'merged']) }),
              z.strictObject({ kind: z.literal('merged_via'), source: z.enum(['commit', 'merge_request']), id: text }),
              z.strictObject({ kind: z.literal('reset'), usernames: z.array(concealed) }),
            ])
            .nullable(),
          author: account.nullable(),
          created_at: time,
        }),
      ),
      threads: z.array(z.strictObject({ id, created_at: time, resolved: z.boolean(), resolved_at: timeOrNull })),
      by_people: z.array(z.strictObject({ user_id: id, count: z.int() })),
    }),
    'Notes that GitLab wrote, threads, and how many notes each person wrote.',
  ),
  project_settings: field(
    z.strictObject({
      author_may_approve: flagOrNull,
      committers_may_approve: flagOrNull,
      reset_on_push: flagOrNull,
      rules_fixed: flagOrNull,
    }),
    'Approval settings of the project when they were read.',
  ),
  people: z.array(
    z.strictObject({
      id,
      details: field(account.extend({ bot: flagOrNull }), 'The account of somebody who approved.'),
    }),
  ),
  security_reviewers: field(z.array(id), 'Members of the configured group of security reviewers.').nullable(),
});

const journalEvent = z.strictObject({
  action: text,
  state: text,
  actioned_at: timeOrNull,
  updated_at: timeOrNull,
  received_at: time,
  user_id: idOrNull,
  head_sha: textOrNull,
  old_rev: textOrNull,
  title: concealed,
  target_branch: concealed,
  labels: z.array(text),
  previous_labels: z.array(text).nullable(),
  reviewers: z.array(z.strictObject({ id, state: textOrNull })),
  system: z.boolean(),
  system_action: textOrNull,
  sha256: digest.nullable(),
  authenticated_by: textOrNull,
});

const arrivalEvent = z.strictObject({
  action: text,
  state: text,
  previous_state: textOrNull,
  project: z.strictObject({ id, path: text, web_url: text }),
  merge_request_id: id,
  iid: id,
  title: concealed,
  description: concealed,
  url: text,
  source_branch: concealed,
  target_branch: concealed,
  labels: z.array(text),
  label_ids: z.array(z.strictObject({ id, title: text })),
  previous_labels: z.array(text).nullable(),
  author_id: idOrNull,
  user: z.strictObject({ id, username: concealed, name: concealed }).nullable(),
  reviewers: z.array(z.strictObject({ id, username: concealed, state: textOrNull })),
  head_sha: textOrNull,
  old_rev: textOrNull,
  merge_commit_sha: textOrNull,
  system: z.boolean(),
  system_action: textOrNull,
  actioned_at: timeOrNull,
  updated_at: timeOrNull,
});

const ticket = z.union([
  z.strictObject({
    kind: z.literal('found'),
    how: z.enum(['attachment', 'branch', 'magic_word', 'issue_url']),
    issue: z.strictObject({
      id: text,
      identifier: text,
      url: concealed,
      title: concealed,
      created_at: time,
      state: z.strictObject({ name: text, type: text }),
      labels: z.array(text),
    }),
  }),
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('several'), identifiers: z.array(text) }),
  z.strictObject({ kind: z.literal('unreadable'), code: text }),
]);

const history = z.strictObject({
  approvals: z.array(
    z.strictObject({
      user_id: id,
      start: timeOrNull,
      origin: z.enum(['hook_signed', 'hook_token', 'system_note', 'api_approved_at', 'api']),
      head_sha: textOrNull,
      state_at_start: textOrNull,
      end: timeOrNull,
      end_cause: z.enum(['withdrawn', 'reset_on_push', 'code_owner_reset', 'unknown']).nullable(),
      state_at_end: textOrNull,
      shown_afterwards: flagOrNull,
    }),
  ),
  labels: z
    .array(
      z.strictObject({
        label_id: id,
        title: text,
        start: timeOrNull,
        started_by: idOrNull,
        end: timeOrNull,
        ended_by: idOrNull,
      }),
    )
    .nullable(),
  contradictions: z.array(z.strictObject({ code: text, user_id: id })),
});

/** The review record, field by field: what `show` prints under `record`, and what is sealed. */
export const RecordDocument = z
  .strictObject({
    type: z.literal('https://github.com/countersign/countersign/predicates/security-review/v1'),
    id: z.string().regex(/^SEC-[0-9a-f]{16}$/),
    capture: z.enum(['webhook', 'reconciled', 'backfilled']),
    locator: z.strictObject({
      instance: text,
      project_id: id,
      iid: id,
      merge_request_id: id,
      project_path: text,
      web_url: text,
    }),
    policy: z.strictObject({ sha256: digest, product: text }),
    reverts: idOrNull.meta({ description: 'Number of the merge request of the same project that it says it reverts.' }),
    arrival: z
      .strictObject({
        received_at: time,
        sha256: digest.nullable(),
        authenticated_by: textOrNull,
        event: arrivalEvent,
      })
      .meta({ description: 'The hook of the merge, or the reconciliation that found it.' }),
    evidence: evidence.meta({ description: 'What GitLab answered right after the merge.' }),
    ticket: ticket.meta({ description: 'The linked Linear issue, as capture found it.' }),
    journal: z
      .strictObject({ covers_from: timeOrNull, from_opening: z.boolean(), events: z.array(journalEvent) })
      .meta({ description: 'What hooks told while the merge request was open, in order of happening.' }),
    history: history.meta({ description: 'What journal and answers together tell of approvals and labels.' }),
    answers: z
      .array(
        z.strictObject({
          name: text,
          url: z.union([text, concealed]),
          status: z.int(),
          sha256: digest,
          observed_at: time,
        }),
      )
      .meta({ description: 'Every answer that the evidence was read from, by its digest.' }),
  })
  .meta({ title: 'Security review record, version 1' });
