import { sql, type Kysely } from 'kysely';

/** What keeps reads as cheap after years as they are on the first day. */
const statements = [
  // Counts of rows that are never deleted. Each row is a step; the steps of a name are summed up now and then, so that
  // nobody has to wait for a counter. Triggers, so that a version that knows nothing of it counts as well.
  `create table countersign.tally (
    name text not null,
    steps bigint not null
  )`,
  `create function countersign.tally_changes() returns trigger language plpgsql as $$ begin
    insert into countersign.tally select 'changes', count(*) from fresh having count(*) > 0;
    return null;
  end $$`,
  `create trigger tally after insert on countersign.change
    referencing new table as fresh for each statement execute function countersign.tally_changes()`,
  `insert into countersign.tally select 'changes', count(*) from countersign.change`,

  // The newest verdict of each change counts; one that another takes the place of counts no more.
  `create function countersign.tally_verdicts() returns trigger language plpgsql as $$ begin
    insert into countersign.tally
      select 'verdict ' || s.overall, sum(s.step) from (
        (select distinct on (f.change_id) f.overall, 1 as step from fresh f order by f.change_id, f.id desc)
        union all
        select before.overall, -1 from (select f.change_id, min(f.id) as id from fresh f group by f.change_id) own
          cross join lateral (
            select v.overall from countersign.verdict v
            where v.change_id = own.change_id and v.id < own.id order by v.id desc limit 1
          ) before
      ) s group by s.overall having sum(s.step) <> 0;
    return null;
  end $$`,
  `create trigger tally after insert on countersign.verdict
    referencing new table as fresh for each statement execute function countersign.tally_verdicts()`,
  `insert into countersign.tally
    select 'verdict ' || v.overall, count(*)
    from (select distinct on (change_id) overall from countersign.verdict order by change_id, id desc) v group by v.overall`,

  `create table countersign.summary_usage (
    model text not null,
    reason text,
    count bigint not null,
    input_tokens bigint,
    output_tokens bigint,
    cost double precision
  )`,
  `create function countersign.tally_summaries() returns trigger language plpgsql as $$ begin
    insert into countersign.summary_usage
      select model, reason, count(*), sum(input_tokens), sum(output_tokens), sum(cost) from fresh group by model, reason;
    return null;
  end $$`,
  `create trigger tally after insert on countersign.summary
    referencing new table as fresh for each statement execute function countersign.tally_summaries()`,
  `insert into countersign.summary_usage
    select model, reason, count(*), sum(input_tokens), sum(output_tokens), sum(cost)
    from countersign.summary group by model, reason`,

  `create index attention_open_by_age on countersign.attention (raised_at, id) where resolved_at is null`,
  `create index change_reverting on countersign.change (instance, project_id)
    where event ->> 'description' like '%This reverts merge request %'`,

  // Compressed before it comes here.
  `alter table countersign.evidence alter column body set storage external`,

  // What is open is found by indexes of what is open. By default a fifth of a table would have to change before they are
  // rid of what is over.
  ...['outcome', 'change', 'journal', 'message', 'attention'].map(
    (table) => `alter table countersign.${table} set
      (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.02)`,
  ),
  `alter table countersign.tally set (autovacuum_vacuum_threshold = 200)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
