import { sql, type Kysely } from 'kysely';

const statements = [
  // What a model wrote about a change, or why it wrote nothing. Asked once, and no part of the record.
  `create table countersign.summary (
    change_id bigint primary key references countersign.change (id),
    model text not null,
    prompt_sha256 text not null,
    text text,
    reason text,
    detail text,
    input_tokens integer,
    output_tokens integer,
    cost double precision,
    ms integer not null,
    at timestamptz not null,
    check ((text is null) <> (reason is null))
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
