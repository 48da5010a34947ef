import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './errors.ts';

/** A head of the log as somebody saw it. */
export interface SeenHead {
  readonly size: number;
  /** Base64. */
  readonly root: string;
}

/**
 * The last head that this node has seen, kept outside the database: a database that was rolled back as a whole agrees
 * with itself, and only who remembers more of it can tell.
 */
export interface HeadMemory {
  last(): SeenHead | undefined;
  /** Takes note of a head that is durable. One that is smaller than the last is none of its business. */
  see(head: SeenHead): Promise<void>;
}

const fileName = 'last-head';

/** The memory in the data folder. Where that cannot be written, it lasts as long as the process. */
export async function openHeadMemory(dataFolder: string): Promise<HeadMemory> {
  const path = join(dataFolder, fileName);
  let seen = await readHeadFile(path);
  return {
    last: () => seen,
    async see(head) {
      if (seen !== undefined && head.size <= seen.size) return;
      seen = head;
      // Not flushed to the disk: an older head than the last is still one that the log has to extend.
      const draft = `${path}.${process.pid}`;
      await mkdir(dataFolder, { recursive: true })
        .then(() => writeFile(draft, `${head.size} ${head.root}\n`))
        .then(() => rename(draft, path))
        .catch(() => undefined);
    },
  };
}

/** A memory that lasts as long as the process. */
export function forgetfulMemory(): HeadMemory {
  let seen: SeenHead | undefined;
  return {
    last: () => seen,
    see: async (head) => {
      if (seen === undefined || head.size > seen.size) seen = head;
    },
  };
}

async function readHeadFile(path: string): Promise<SeenHead | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    return '';
  });
  const [, size, root] = /^(\d{1,15}) ([A-Za-z0-9+/]{43}=)\n$/.exec(text) ?? [];
  return size === undefined || root === undefined ? undefined : { size: Number(size), root };
}
