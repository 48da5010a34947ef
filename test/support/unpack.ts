import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openZip } from '@countersign/ledger';
import { nodeHost, sourceOf } from './node-host.ts';
import { zipOf } from './zip-writer.ts';

/** The files of an archive, by name and in its order. */
export async function filesIn(archive: Uint8Array): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const zip = await openZip(nodeHost, sourceOf(archive));
  for await (const entry of zip.entries()) files.set(entry.name, Buffer.from(await zip.read(entry)));
  return files;
}

/** A copy of a pack in which one file is another. */
export async function tamperedPack(
  path: string,
  file: string,
  change: (content: Buffer) => Buffer | undefined,
): Promise<string> {
  const files = await filesIn(await readFile(path));
  const content = files.get(file);
  if (content === undefined) throw new Error(`The pack has no ${file}`);
  const changed = change(content);
  if (changed === undefined) files.delete(file);
  else files.set(file, changed);
  const copy = `${path}.tampered.zip`;
  await writeFile(copy, zipOf([...files].map(([name, bytes]) => ({ name, content: bytes, deflate: true }))));
  return copy;
}

/** Unpacks an archive with `unzip` into a new folder beside it. */
export async function unpack(path: string): Promise<string> {
  const folder = `${path}.unpacked`;
  await rm(folder, { recursive: true, force: true });
  execFileSync('unzip', ['-q', path, '-d', folder]);
  return join(folder, '.');
}
