import { install, freePort, type Installation } from '../../test/support/service-process.ts';
import { startEmbedded } from '../../src/storage/embedded.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { quiet } from '../../test/support/quiet.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { medianOf } from '../ledger/timing.ts';
import type { LoadResult } from './load.ts';
import { pinServer, runLoad, startBare } from './pinned.ts';
import type { Kind } from './requests.ts';

const connections = 32;
const seconds = 1.5;
const warmUpSeconds = 0.25;
/** Answered before the first round: by then what is hot has been compiled. */
const warmUpAnswers = 20_000;
/** As many sessions as the service's own pool has. */
const sessions = 10;

/** Where both servers listen. */
export interface Doors {
  readonly kind: Kind;
  readonly rounds: number;
  /** A script of this folder that is the limit. */
  readonly bare: string;
}

export interface Measured {
  readonly ours: readonly LoadResult[];
  readonly bare: readonly LoadResult[];
}

/**
 * Puts the same load on the service in the role `web` and on a bare server, in turns, so that whatever else the machine
 * does slows both. Both use one Postgres.
 */
export async function measureDoors({ kind, rounds, bare }: Doors): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-door-'));
  const postgres = await startEmbedded({ folder, log: quiet });
  const sandbox = await startSandbox({ seed: 'empty' });
  const installation = await install(sandbox);
  const ours: LoadResult[] = [];
  const limit: LoadResult[] = [];
  try {
    const { host, port, user, password, database } = postgres.connection;
    const query = new URLSearchParams({ host, port: String(port) });
    const url = `postgres://${user}:${password}@localhost/${database}?${query.toString()}`;
    await serve(installation, { ...sandbox.environment(), DATABASE_URL: url });
    const barePort = await freePort();
    const server = await startBare(bare, [String(barePort), url, String(sessions)]);
    try {
      const signingToken = sandbox.environment()['GITLAB_SIGNING_TOKEN'] ?? '';
      let first = 1;
      const load = async (port: number): Promise<LoadResult> => {
        const plan = { port, kind, signingToken, first, connections, seconds, warmUpSeconds };
        const result = await runLoad(plan);
        first += result.sent;
        return result;
      };
      for (const one of [installation.port, barePort]) {
        for (let answered = 0; answered < warmUpAnswers;) answered += (await load(one)).sent;
      }
      for (let round = 0; round < rounds; round++) {
        ours.push(await load(installation.port));
        limit.push(await load(barePort));
      }
    } finally {
      server.kill();
    }
  } finally {
    await installation.remove();
    await sandbox.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return { ours, bare: limit };
}

/** Medians over the rounds, and the median of the ratios of each round: what slowed one slowed the other. */
export function mediansOf({ ours, bare }: Measured): { value: number; limit: number; ratio: number } {
  return {
    value: medianOf(ours.map(({ perSecond }) => perSecond)),
    limit: medianOf(bare.map(({ perSecond }) => perSecond)),
    ratio: medianOf(ours.map(({ perSecond }, round) => perSecond / bare[round]!.perSecond)),
  };
}

/** Throws where a server did not answer as it should have: then its rate means nothing. */
export function assertAnswers({ ours, bare }: Measured, expected: string): void {
  for (const { answers } of [...ours, ...bare]) {
    if (Object.keys(answers).join() !== expected) throw new Error(`Answered ${JSON.stringify(answers)}`);
  }
}

async function serve(installation: Installation, environment: Record<string, string>): Promise<void> {
  const config = ['--config', join(installation.folder, 'countersign.yaml'), '--data', installation.dataFolder];
  const enabled = await installation.run(['enable', '--no-hook', ...config], environment).ended;
  if (enabled.code !== 0) throw new Error(enabled.error);
  const service = installation.run(
    ['serve', ...config, '--role', 'web', '--port', String(installation.port)],
    environment,
  );
  await service.printed('listens at');
  pinServer(service.pid);
}
