import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/storage/database.ts';
import { startEmbedded } from '../../src/storage/embedded.ts';
import { readHead } from '../../src/storage/ledger.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { createPacks } from '../../src/workflow/packs.ts';
import { createKeeper } from '../../test/support/keeper.ts';
import { quiet } from '../../test/support/quiet.ts';
import { sealStored } from '../../test/support/sealed-records.ts';
import { rounded, timedAsync } from './timing.ts';

/** Verifying a pack may take so much memory, however many changes it has. */
export const mostMegabytes = 300;

// Each has a record and a verdict in the log: 100,000 entries.
const changes = 50_000;
const mebibyte = 1024 * 1024;

/** Packs a log of 100,000 entries, and verifies it in a process of its own. */
export async function benchPack(): Promise<{ readonly verify_peak_mib: number; readonly [name: string]: unknown }> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-pack-'));
  const server = await startEmbedded({ folder, log: quiet });
  const database = await openDatabase({ connection: server.connection, log: quiet });
  try {
    await migrate(database.db);
    const keeper = createKeeper('bench.example/log');
    const sealMs = await timedAsync(() => sealStored(database, keeper, changes));
    const head = await readHead(database.db);
    const packs = createPacks({ database, keeper, now: () => new Date(), product: 'countersign/bench' });
    const file = join(folder, 'pack.zip');
    let bytes = 0;
    const writeMs = await timedAsync(async () => {
      ({ bytes } = await packs.write({ choice: { kind: 'all' }, file }));
    });
    return {
      entries: head?.size ?? 0,
      changes,
      pack_mib: rounded(bytes / mebibyte),
      seal_seconds: rounded(sealMs / 1000),
      write_seconds: rounded(writeMs / 1000),
      write_peak_mib: rounded(process.resourceUsage().maxRSS / 1024),
      ...verifyApart(file),
    };
  } finally {
    await database.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** As the command verifies, and nothing beside it: what this process has in memory does not count. */
function verifyApart(file: string) {
  const path = join(import.meta.dirname, 'verify-pack.ts');
  // With the flags of bin/countersign.js.
  const flags = ['--max-semi-space-size=2', '--max-old-space-size=512', '--conditions=countersign-source'];
  const ended = spawnSync(process.execPath, [...flags, path, file], { encoding: 'utf8' });
  if (ended.status !== 0) throw new Error(`Verifying ended with ${ended.status}: ${ended.stderr}`);
  const { ok, changes: verified, seconds, peakKib } = JSON.parse(ended.stdout);
  if (ok !== true || verified !== changes) throw new Error(`The pack does not hold: ${ended.stdout}`);
  return { verify_seconds: rounded(seconds), verify_peak_mib: rounded(peakKib / 1024) };
}
