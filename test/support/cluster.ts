import { createLog, openTrail, type Role, type Trail } from '../../src/compose.ts';
import { Secret } from '../../src/config/secret.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startFront } from './front.ts';
import { freePort, install, signal, until, type Running } from './service-process.ts';

/** Several `serve` processes on one database, behind one address that the sandbox's hook goes to. */
export interface Cluster {
  readonly address: string;
  readonly trail: Trail;
  readonly nodes: readonly ClusterNode[];
  /** Waits until so many changes are done, and none is open. */
  untilDone(changes: number, patienceMs: number): Promise<void>;
  /** The log's key, by which it is verified. */
  verifierKey(): Promise<string>;
  close(): Promise<void>;
}

export interface ClusterNode {
  /** Of its present process. */
  readonly pid: number;
  readonly port: number;
  /** What a process of it, present or past, wrote to standard error, once it has ended. */
  readonly errors: readonly string[];
  /** Starts it again; resolves at once. */
  start(): void;
  /** Kills its process without a word; resolves once it is gone. */
  kill(): Promise<void>;
  /** Tells its process to stop, and waits until it has. */
  stop(): Promise<void>;
  /** Resolves once it answers that it is ready. Of a worker, which does not listen, nothing can be asked. */
  ready(): Promise<void>;
}

export interface ClusterOptions {
  readonly sandbox: Sandbox;
  readonly databaseUrl: string;
  readonly roles: readonly Role[];
  /** Where the program of each node lies; the one of this tree unless told. */
  readonly launchers?: readonly (string | undefined)[];
  /** Leaves it to the test to start the last node. */
  readonly startLast?: boolean;
}

/** Starts the nodes at once, switches the trigger on, and connects the sandbox's hook. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { sandbox, databaseUrl, roles, launchers } = options;
  const installation = await install(sandbox);
  const environment = { ...sandbox.environment(), DATABASE_URL: databaseUrl };
  const place = ['--config', `${installation.folder}/countersign.yaml`, '--data', installation.dataFolder];
  const ports = await Promise.all(roles.map(() => freePort()));
  const nodes = roles.map((role, index) => {
    const port = ports[index]!;
    const args = ['serve', ...place, '--role', role, '--port', String(port)];
    return nodeOf(role, port, () => installation.run(args, environment, launchers?.[index]));
  });
  const begun = options.startLast === true ? nodes.slice(0, -1) : nodes;
  for (const node of begun) node.start();
  await Promise.all(begun.map((node) => node.ready()));
  const front = await startFront(ports.filter((_, index) => roles[index] !== 'worker'));
  const trail = await openTrail({
    databaseUrl: new Secret(databaseUrl),
    dataFolder: installation.dataFolder,
    log: createLog('silent'),
  });
  await trail.setTrigger('on');
  sandbox.connectHook(`${front.address}/webhooks/gitlab`);
  return {
    address: front.address,
    trail,
    nodes,
    untilDone: (changes, patienceMs) =>
      until(async () => {
        const { changes: now } = await trail.status();
        return now.done >= changes && now.open === 0;
      }, patienceMs),
    async verifierKey() {
      const { out } = await installation.run(['keys', '--json', ...place], environment).ended;
      return JSON.parse(out).verifier_key;
    },
    async close() {
      await front.close();
      await trail.close();
      await installation.remove();
    },
  };
}

function nodeOf(role: Role, port: number, run: () => Running): ClusterNode {
  const errors: string[] = [];
  const begin = (): Running => {
    const running = run();
    void running.ended.then(({ error }) => errors.push(error));
    return running;
  };
  let running: Running | undefined;
  const end = async (how: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (running === undefined) return;
    signal(running.pid, how);
    await running.ended;
  };
  return {
    port,
    errors,
    get pid() {
      return running?.pid ?? 0;
    },
    start: () => {
      running = begin();
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async ready() {
      if (role === 'worker') return;
      await until(async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
        return answer?.ok === true;
      }, 30_000);
    },
  };
}
