import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../../storage/errors.ts';
import { failure, fine, warning, type Check } from '../check.ts';

/** Bytes that are free where a path is. */
export type FreeSpace = (path: string) => Promise<number>;

const disk = 'own.disk';
const envFile = 'own.env_file';

const gigabyte = 1_000_000_000;
const warnBelow = 5 * gigabyte;
const failBelow = gigabyte / 2;

/** Whether the data folder can be written, or made, and its disk has room. */
export async function checkDisk(options: {
  readonly dataFolder: string;
  readonly freeSpace?: FreeSpace;
}): Promise<Check[]> {
  const { dataFolder, freeSpace = askDisk } = options;
  const fix = 'Let the user that runs the service own it, or choose another folder with --data';
  try {
    const there = await nearest(dataFolder);
    if (!(await stat(there)).isDirectory()) {
      return [failure(disk, `The data folder ${dataFolder} cannot be made: ${there} is a file`, fix)];
    }
    await access(there, constants.W_OK | constants.X_OK);
    return [judgeSpace(await freeSpace(there), there)];
  } catch (error) {
    const message = `The data folder ${dataFolder} cannot be written (${codeOf(error) ?? 'unknown'}): the service does not start`;
    return [failure(disk, message, fix)];
  }
}

function judgeSpace(bytes: number, path: string): Check {
  const free = bytes < gigabyte ? `${Math.floor(bytes / 1_000_000)} MB` : `${(bytes / gigabyte).toFixed(1)} GB`;
  const fix = `Make room on the disk of ${path}, or move the data folder to a larger one with --data`;
  if (bytes < failBelow) {
    return failure(
      disk,
      `The disk of ${path} has ${free} left: a full disk stops the database, and with it all records`,
      fix,
    );
  }
  if (bytes >= warnBelow) return fine(disk, `The data folder can be written, and its disk has ${free} left`);
  return warning(
    disk,
    `The disk of ${path} has ${free} left: a full disk stops the database, and with it all records`,
    fix,
  );
}

async function askDisk(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

/** The folder itself, or the nearest above it that is there. */
async function nearest(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    const above = dirname(path);
    if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '') || above === path) throw error;
    return nearest(above);
  }
}

/** Whether others may read the file that holds the secrets. */
export async function checkEnvFile(path: string | null): Promise<Check[]> {
  if (path === null) return [];
  // Without it, the environment alone gives the secrets; one that cannot be looked at is not read either.
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  if ((found.mode & 0o077) === 0) return [fine(envFile, 'The .env file is closed to others')];
  const message = `Others on this machine may read ${path}, which holds the tokens: whoever has them can act as Countersign`;
  return [warning(envFile, message, `Close it with: chmod 600 ${path}. If somebody may have read it, make new tokens`)];
}
