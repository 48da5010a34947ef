// A burst of merges on three nodes of which one is killed every few seconds: what was lost or doubled, how long it takes
// until the work of a dead node is taken over, and whether the rate is the same again afterwards.
// Usage: nodes.ts [merges] [seconds between kills].
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { createLog } from '../src/compose.ts';
import { startEmbedded } from '../src/storage/embedded.ts';
import { startSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { startCluster, type Cluster } from '../test/support/cluster.ts';
import type { OpenedMergeRequest } from '../test/support/merge-requests.ts';
import { addressOf } from '../test/support/service.ts';
import { countEffects } from './support/effects.ts';
import { boundLine, ratioLine, type Line } from './support/line.ts';
import { mainOf } from './support/main.ts';
import { mergeAll, openMany } from './support/served.ts';

export interface NodesOptions {
  /** How many merges come while nodes are killed; a fourth of it before, and after. */
  readonly merges: number;
  readonly killEverySeconds: number;
}

const patienceMs = 600_000;
const pollMs = 250;

/** Measures one burst under fire, and the bursts before and after it. */
export async function measureNodes({ merges, killEverySeconds }: NodesOptions): Promise<Line[]> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-nodes-'));
  const server = await startEmbedded({ folder, log: createLog('silent') });
  const sandbox = await startSandbox({ seed: 'empty', switches: { slack: { channelLimit: 'off' } } });
  const databaseUrl = addressOf(server.connection);
  const cluster = await startCluster({ sandbox, databaseUrl, roles: ['all', 'all', 'all'] });
  const looking = new Client({ connectionString: databaseUrl });
  await looking.connect();
  try {
    const burst = burstOn(sandbox, cluster);
    const calm = Math.ceil(merges / 4);
    const before = await burst(calm);
    const fire = startKilling(cluster, looking, killEverySeconds * 1000);
    const under = await burst(merges);
    const { kills, takenOverMs } = await fire.stop();
    await Promise.all(cluster.nodes.map((node) => node.ready()));
    const after = await burst(calm);
    const effects = await countEffects(sandbox, [...before.opened, ...under.opened, ...after.opened]);

    const name = `${merges} merges on three nodes, one killed every ${killEverySeconds} s`;
    const rate = { value: after.perSecond, limit: before.perSecond };
    return [
      boundLine(`${name}: lost`, 'merges', effects.lost, { most: 0 }),
      boundLine(`${name}: doubled`, 'merges', effects.doubled, { most: 0 }),
      boundLine(`${name}: kills`, 'kills', kills, { least: 3 }),
      boundLine(`${name}: until a dead node's work is taken over`, 's', takenOverMs / 1000, { most: 60 }),
      boundLine(`${name}: rate meanwhile`, 'merges/s', under.perSecond),
      ratioLine(`${name}: rate afterwards, beside that before`, 'merges/s', rate, { least: 0.8 }),
    ];
  } finally {
    await looking.end();
    await cluster.close();
    await sandbox.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Burst {
  readonly opened: readonly OpenedMergeRequest[];
  readonly perSecond: number;
}

function burstOn(sandbox: Sandbox, cluster: Cluster): (merges: number) => Promise<Burst> {
  let total = 0;
  return async (merges) => {
    const opened = openMany(sandbox, merges);
    await sandbox.gitlab.delivered();
    total += merges;
    const start = performance.now();
    await mergeAll(sandbox, opened);
    await cluster.untilDone(total, patienceMs);
    return { opened, perSecond: (merges / (performance.now() - start)) * 1000 };
  };
}

/** Kills the nodes in turn. What a dead node held is looked for until another one has it, or it is done. */
function startKilling(cluster: Cluster, looking: Client, everyMs: number) {
  const over = new AbortController();
  let kills = 0;
  let takenOverMs = 0;
  const held = new Map<string, number>();
  const look = async (): Promise<void> => {
    const active = new Set(await readActive(looking));
    for (const [job, since] of held) {
      if (active.has(job)) continue;
      takenOverMs = Math.max(takenOverMs, performance.now() - since);
      held.delete(job);
    }
  };
  const killing = (async () => {
    for (let at = 0; !over.signal.aborted; at++) {
      await pause(everyMs, undefined, { signal: over.signal }).catch(() => undefined);
      if (over.signal.aborted) break;
      const node = cluster.nodes[at % cluster.nodes.length]!;
      await node.kill();
      const since = performance.now();
      // Among these are jobs of living nodes: they end sooner than those of the dead one.
      for (const job of await readActive(looking)) if (!held.has(job)) held.set(job, since);
      kills++;
      node.start();
    }
  })();
  const watching = (async () => {
    while (!over.signal.aborted || held.size > 0) {
      await pause(pollMs);
      await look();
    }
  })();
  return {
    async stop() {
      over.abort();
      await killing;
      await watching;
      return { kills, takenOverMs };
    },
  };
}

/** Every try at a job that is under way: another try at it is another one. */
async function readActive(looking: Client): Promise<string[]> {
  const { rows } = await looking.query<{ attempt: string }>(
    "select id || ' ' || retry_count || ' ' || started_on as attempt from pgboss.job where state = 'active'",
  );
  return rows.map(({ attempt }) => attempt);
}

await mainOf(import.meta, ([merges = '1000', seconds = '3']) =>
  measureNodes({ merges: Number(merges), killEverySeconds: Number(seconds) }),
);
