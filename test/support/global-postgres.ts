import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { connectEmbedded } from '../../src/storage/embedded.ts';
import { quiet } from './quiet.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the one server of this run keeps its data. The first test that wants a database starts it. */
    readonly postgresFolder: string;
  }
}

let folder: string | undefined;

/** Names a folder for the run's server. */
export async function setup(project: TestProject): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
  project.provide('postgresFolder', folder);
}

/** Stops the server, if a test started it, and removes its data. */
export async function teardown(): Promise<void> {
  if (folder === undefined) return;
  if (existsSync(join(folder, 'postgres', 'data', 'postmaster.pid'))) {
    const server = await connectEmbedded({ folder, log: quiet });
    await server.stop();
  }
  await rm(folder, { recursive: true, force: true });
}
