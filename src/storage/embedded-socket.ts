import { createHash } from 'node:crypto';
import { chown, lstat, mkdir, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { socketName } from './embedded-postmaster.ts';
import type { Owner } from './embedded-run.ts';
import { codeOf, StorageError } from './errors.ts';

// The address of a socket ends at 107 bytes on Linux and at 103 on macOS.
const longestPath = 103;

/** Chooses a private folder for the socket: the data folder itself, or one under /tmp where that is too deep for it. */
export async function chooseSocketFolder(base: string, owner: Owner | undefined): Promise<string> {
  if (fits(base) && (await takesSockets(base))) return base;
  const us = owner?.uid ?? process.getuid?.() ?? 0;
  const hash = createHash('sha256').update(base).digest('hex').slice(0, 12);
  for (const root of [tmpdir(), '/tmp']) {
    // Names that others on this machine have taken, by accident or to be found by us, are passed over.
    for (const suffix of ['', '-1', '-2', '-3']) {
      const folder = join(root, `countersign-${us}-${hash}${suffix}`);
      if (fits(folder) && (await makePrivate(folder, owner)) && (await takesSockets(folder))) return folder;
    }
  }
  throw new StorageError(
    'data_folder_unusable',
    `There is no folder for the Postgres socket: the path ${base} is too long for one or does not take sockets, and ` +
      `${tmpdir()} has none that is private to us. Choose a shorter data folder with --data, or set DATABASE_URL.`,
  );
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, socketName)) <= longestPath;
}

async function makePrivate(folder: string, owner: Owner | undefined): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
    if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') return false;
  }
  const found = await lstat(folder);
  const us = owner?.uid ?? process.getuid?.();
  return found.isDirectory() && found.uid === us && (found.mode & 0o077) === 0;
}

/** Folders shared with a virtual machine's host and some network drives hold files, but no sockets. */
async function takesSockets(folder: string): Promise<boolean> {
  const path = join(folder, `.try-${process.pid % 100_000}`);
  await rm(path, { force: true });
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(path, () => server.close(() => resolve(true)));
  });
}

/** Whether somebody accepts connections at the socket in this folder. */
export async function answers(folder: string): Promise<boolean> {
  const socket = connect(join(folder, socketName));
  return new Promise((resolve) => {
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
