import { sql, type Kysely } from 'kysely';

const statements = [
  `alter table countersign.page
    add column parent bigint references countersign.page (id),
    add column since timestamptz,
    add column rows integer not null default 0,
    add column bytes integer not null default 0,
    add column listed bigint,
    add column gone_at timestamptz`,
  `create index page_top on countersign.page (target) where parent is null`,
  `create index page_below on countersign.page (parent) where parent is not null`,
  `create index page_gone on countersign.page (target) where gone_at is not null`,

  // The page that is to be made next below another: its title and its mark stand before it is made.
  `create table countersign.page_plan (
    target text primary key,
    parent bigint not null references countersign.page (id),
    title text not null,
    mark text not null,
    since timestamptz not null,
    at timestamptz not null
  )`,

  // Which page takes the row of each change: noted before the row is written.
  `create table countersign.row_page (
    change_id bigint primary key references countersign.change (id),
    page bigint not null references countersign.page (id),
    at timestamptz not null
  )`,
  `insert into countersign.row_page (change_id, page, at)
    select r.change_id, p.id, r.at from countersign.row r join countersign.page p on p.page_id = r.page_id`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
