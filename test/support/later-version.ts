import { cp, mkdtemp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const copied = ['bin', 'src', 'docs', 'ledger', 'tools', 'package.json', 'tsconfig.json', 'tsconfig.base.json'];

export interface LaterVersion {
  /** Its program, as `node` takes it. */
  readonly launcher: string;
  /** The migration that only it knows. */
  readonly migration: string;
  remove(): Promise<void>;
}

/** A copy of this tree with one migration more, which adds a column, a table and an index to what is there. */
export async function makeLaterVersion(): Promise<LaterVersion> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-later-'));
  for (const name of copied) {
    await cp(join(root, name), join(folder, name), {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
  }
  const packages = join(folder, 'node_modules');
  await mkdir(join(packages, '@countersign'), { recursive: true });
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name !== '@countersign') await symlink(join(root, 'node_modules', name), join(packages, name));
  }
  await symlink(join(folder, 'ledger'), join(packages, '@countersign', 'ledger'));

  const migrations = join(folder, 'src', 'storage', 'migrations');
  const migration = '9999-later';
  await writeFile(join(migrations, `${migration}.ts`), source);
  const index = join(migrations, 'index.ts');
  const text = await readFile(index, 'utf8');
  await writeFile(
    index,
    `import { up as later } from './${migration}.ts';\n${text.replace(/\};\s*$/, `  '${migration}': { up: later },\n};\n`)}`,
  );
  return {
    launcher: join(folder, 'bin', 'countersign.js'),
    migration,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const source = `import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql\`alter table countersign.change add column later text default 'not known to earlier versions'\`.execute(db);
  await sql\`create index change_later on countersign.change (later)\`.execute(db);
  await sql\`create table countersign.later (change_id bigint references countersign.change (id))\`.execute(db);
}
`;
