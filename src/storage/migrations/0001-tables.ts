import { sql, type Kysely } from 'kysely';

/**
 * All tables of the trail. Times are `timestamptz`; digests are lower-case hex; bodies are bytes as they came.
 * What a person may have to be forgotten by (raw answers, bodies, disclosures) stands apart from what must stay.
 */
const statements = [
  `create table countersign.setting (
    name text primary key,
    value jsonb not null,
    changed_at timestamptz not null default now()
  )`,

  // One verified webhook request, as received.
  `create table countersign.delivery (
    id bigint generated always as identity primary key,
    delivery_id text,
    authenticated_by text not null,
    received_at timestamptz not null,
    sha256 text not null,
    body bytea not null
  )`,
  `create unique index delivery_once on countersign.delivery (delivery_id)`,

  // What happened to a merge request in scope, event by event. The same event from two hooks stands once.
  `create table countersign.journal (
    id bigint generated always as identity primary key,
    instance text not null,
    project_id bigint not null,
    iid bigint not null,
    event_key text not null,
    action text not null,
    happened_at timestamptz,
    received_at timestamptz not null,
    delivery bigint references countersign.delivery (id),
    event jsonb not null,
    -- The entry of the ledger whose root covers it.
    sealed_in bigint
  )`,
  `create index journal_unsealed on countersign.journal (id) where sealed_in is null`,
  `create unique index journal_once on countersign.journal (instance, project_id, iid, event_key)`,

  // One merged merge request in scope: the unit of work.
  `create table countersign.change (
    id bigint generated always as identity primary key,
    key text not null unique,
    instance text not null,
    project_id bigint not null,
    iid bigint not null,
    record_id text not null unique,
    origin text not null,
    project text not null,
    title text not null,
    web_url text not null,
    event jsonb not null,
    merged_at timestamptz,
    accepted_at timestamptz not null,
    finished_at timestamptz,
    pod text,
    channel text,
    ticket jsonb,
    unique (instance, project_id, iid)
  )`,
  `create index change_open on countersign.change (id) where finished_at is null`,
  `create index change_by_path on countersign.change (lower(project), iid)`,
  `create index change_by_address on countersign.change (web_url)`,

  // How one stage ended for one change. This table is the truth; jobs are only how work is handed out.
  `create table countersign.outcome (
    change_id bigint not null references countersign.change (id),
    stage text not null,
    outcome text not null check (outcome in ('waiting', 'done', 'skipped', 'failed')),
    reason text,
    detail text,
    attempts integer not null default 0,
    opened_at timestamptz not null,
    at timestamptz not null,
    next_at timestamptz,
    primary key (change_id, stage)
  )`,
  `create index outcome_open on countersign.outcome (stage, change_id) where outcome = 'waiting'`,

  // GitLab's answers, compressed. They name people, so retention may delete them; their digests stay in the record.
  `create table countersign.evidence (
    id bigint generated always as identity primary key,
    change_id bigint not null references countersign.change (id),
    name text not null,
    url text not null,
    status integer not null,
    sha256 text not null,
    observed_at timestamptz not null,
    body bytea not null
  )`,
  `create index evidence_of_change on countersign.evidence (change_id)`,

  // What capture understood, until it is sealed.
  `create table countersign.capture (
    change_id bigint primary key references countersign.change (id),
    evidence jsonb not null,
    captured_at timestamptz not null
  )`,

  `create table countersign.record (
    change_id bigint primary key references countersign.change (id),
    canonical bytea not null,
    sha256 text not null,
    sealed_at timestamptz not null
  )`,
  `create table countersign.disclosure (
    change_id bigint not null references countersign.change (id),
    digest text not null,
    salt text not null,
    value jsonb not null,
    primary key (change_id, digest)
  )`,

  // What policies said, by digest: canonical JSON.
  `create table countersign.policy (
    sha256 text primary key,
    canonical bytea not null,
    first_used_at timestamptz not null
  )`,
  // One judgement of a record under a policy; a later one is added, none is overwritten.
  `create table countersign.verdict (
    id bigint generated always as identity primary key,
    change_id bigint not null references countersign.change (id),
    policy_sha256 text not null references countersign.policy (sha256),
    overall text not null check (overall in ('pass', 'fail', 'undetermined')),
    checks jsonb not null,
    canonical bytea not null,
    sha256 text not null,
    judged_at timestamptz not null
  )`,
  `create index verdict_of_change on countersign.verdict (change_id, id)`,

  // Emergency changes that wait for a review after the fact, and the reviews that came.
  `create table countersign.emergency (
    change_id bigint primary key references countersign.change (id),
    due timestamptz not null,
    looked_at timestamptz not null,
    reminded_at timestamptz,
    closed_at timestamptz
  )`,
  `create index emergency_open on countersign.emergency (looked_at) where closed_at is null`,
  `create table countersign.late_review (
    id bigint generated always as identity primary key,
    change_id bigint not null references countersign.change (id),
    user_id bigint not null,
    kind text,
    how text not null check (how in ('approval', 'comment')),
    at timestamptz not null,
    response_sha256 text not null,
    noted_at timestamptz not null,
    unique (change_id, user_id, how)
  )`,

  // The ledger: one row of `log`, leaves, tiles and signed heads.
  `create table countersign.log (
    "only" boolean primary key default true check ("only"),
    origin text not null,
    public_key text not null,
    size bigint not null default 0
  )`,
  `create table countersign.entry (
    index bigint primary key,
    change_id bigint references countersign.change (id),
    kind text not null,
    -- What a statement is about: key, policy, heartbeat …
    type text,
    id text not null,
    leaf bytea not null,
    envelope bytea,
    salt bytea,
    at timestamptz not null
  )`,
  `create index entry_of_type on countersign.entry (type, index) where type is not null`,
  `create unique index entry_heartbeat_once on countersign.entry (id) where type = 'heartbeat'`,
  `create index entry_of_change on countersign.entry (change_id, index) where change_id is not null`,
  `create unique index entry_record_once on countersign.entry (change_id, kind) where kind = 'record'`,
  // A tile grows until it is full; each narrower one that was ever served is the beginning of it.
  `create table countersign.tile (
    level integer not null,
    index bigint not null,
    hashes bytea not null,
    primary key (level, index)
  )`,
  `create table countersign.checkpoint (
    size bigint primary key,
    root text not null,
    note text not null,
    at timestamptz not null
  )`,
  // Every key that the log was ever signed with, from which entry on.
  `create table countersign.signing_key (
    public_key text primary key,
    first_index bigint not null unique,
    at timestamptz not null
  )`,
  // What a time-stamping authority answered about a head (RFC 3161), as it came.
  `create table countersign.timestamp (
    size bigint primary key references countersign.checkpoint (size),
    response bytea not null,
    stated_at timestamptz not null,
    at timestamptz not null
  )`,
  // What people did with the trail, until it is sealed and after.
  `create table countersign.action (
    id bigint generated always as identity primary key,
    what text not null,
    detail jsonb not null,
    at timestamptz not null,
    sealed_in bigint
  )`,
  `create index action_unsealed on countersign.action (id) where sealed_in is null`,
  // The lists of changes of a period that were sealed: canonical JSON.
  `create table countersign.population (
    entry_index bigint primary key,
    canonical bytea not null,
    sha256 text not null
  )`,

  // Where rows stand. A page that is full is closed, and the next one is opened.
  `create table countersign.page (
    id bigint generated always as identity primary key,
    target text not null,
    page_id text not null unique,
    title text not null,
    url text not null,
    opened_at timestamptz not null,
    closed_at timestamptz
  )`,
  `create index page_open on countersign.page (target) where closed_at is null`,
  `create table countersign.row (
    change_id bigint primary key references countersign.change (id),
    page_id text not null,
    url text not null,
    version integer not null,
    stored_sha256 text not null,
    at timestamptz not null
  )`,

  // The issue as it was read back after closing.
  `create table countersign.issue (
    change_id bigint primary key references countersign.change (id),
    issue_id text not null,
    identifier text not null,
    url text not null,
    completed_at timestamptz,
    at timestamptz not null
  )`,

  // The outbox. A message may confirm several changes; a change is confirmed by one message.
  `create table countersign.message (
    id bigint generated always as identity primary key,
    key text not null unique,
    channel text not null,
    state text not null check (state in ('pending', 'sending', 'unknown', 'sent')),
    attempt integer not null default 0,
    first_sent_at timestamptz,
    last_sent_at timestamptz,
    looked_at timestamptz,
    lookups integer not null default 0,
    thread_ts text,
    ts text,
    permalink text,
    created_at timestamptz not null
  )`,
  `create table countersign.message_change (
    change_id bigint primary key references countersign.change (id),
    message_id bigint not null references countersign.message (id)
  )`,
  `create index message_change_by_message on countersign.message_change (message_id)`,

  // Whatever a person should look at. An open finding stands once.
  `create table countersign.attention (
    id bigint generated always as identity primary key,
    kind text not null,
    subject text not null,
    stage text not null default '',
    reason text not null,
    detail text,
    owner text,
    due timestamptz,
    raised_at timestamptz not null,
    resolved_at timestamptz
  )`,
  `create unique index attention_open_once on countersign.attention (kind, subject, stage) where resolved_at is null`,

  // Spans in which an authentic delivery was turned away; a reconciliation closes them.
  `create table countersign.gap (
    id bigint generated always as identity primary key,
    from_at timestamptz not null,
    to_at timestamptz not null,
    reason text not null,
    closed_at timestamptz
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
