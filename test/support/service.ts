import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, startService, type ChangeReport, type Service, type StatusReport } from '../../src/compose.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { watchConfig } from '../../src/config/watch-config.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { createTestDatabase } from './postgres.ts';

/** The real service with a real Postgres against the sandbox, over HTTP. */
export interface World {
  readonly sandbox: Sandbox;
  readonly service: Service;
  readonly databaseUrl: string;
  /** Where the service keeps its signing key. */
  readonly dataFolder: string;
  /** Posts a signed delivery, as GitLab would. */
  deliver(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Merges a merge request in the sandbox, whose hook then tells the service. */
  merge(mr: { project: string; iid: number }): void;
  /** Writes another `countersign.yaml`: sections take the place of those at the beginning. */
  configure(configuration: Configuration): Promise<void>;
  /** The configuration as other variables of the environment would make it. */
  configWith(environment: Record<string, string>): Promise<Config>;
  show(mr: { project: string; iid: number }): Promise<ChangeReport | undefined>;
  status(): Promise<StatusReport>;
  /** Waits until so many changes have gone through every stage, and says how each stands. */
  untilDone(changes: number, patienceMs?: number): Promise<StatusReport>;
  close(): Promise<void>;
}

type Configuration = Record<string, Record<string, unknown> | readonly unknown[]>;

export interface WorldOptions {
  readonly sandbox?: SandboxOptions;
  /** Merged over the sandbox's own configuration, section by section; lists take the place of lists. */
  readonly configuration?: Configuration;
  readonly environment?: Record<string, string>;
  readonly connectHook?: boolean;
  readonly trigger?: 'on' | 'off';
  /** What the service takes for the time. */
  readonly now?: () => Date;
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const sandbox = await startSandbox({ seed: 'empty', ...options.sandbox });
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
  const databaseUrl = addressOf(database.connection);
  const path = join(folder, 'countersign.yaml');
  const configuration = merged(sandbox.configuration(), options.configuration ?? {});
  await writeFile(path, JSON.stringify(configuration));
  const environment: Record<string, string> = {
    ...sandbox.environment(),
    DATABASE_URL: databaseUrl,
    ...options.environment,
  };
  const watch = watchConfig({ path, environment });
  const log = createLog(process.env['COUNTERSIGN_TEST_LOG'] === undefined ? 'silent' : 'info');
  const { now } = options;
  const time = now === undefined ? {} : { now };
  const service = await startService({ config: watch.config, watch, dataFolder: folder, log, port: 0, ...time });
  await service.trail.setTrigger(options.trigger ?? 'on');
  const hookUrl = `${service.address}/webhooks/gitlab`;
  if (options.connectHook !== false) sandbox.connectHook(hookUrl);

  const show: World['show'] = ({ project, iid }) =>
    service.trail.show({ kind: 'reference', text: `${project}!${iid}`, project, iid });
  return {
    sandbox,
    service,
    databaseUrl,
    dataFolder: folder,
    deliver: (body, headers = {}) => deliver(hookUrl, environment['GITLAB_SIGNING_TOKEN'] ?? '', body, headers),
    merge: ({ project, iid }) => void sandbox.gitlab.merge({ project, iid, by: 'mlund', anyway: true }),
    configure: (next) => writeFile(path, JSON.stringify(merged(configuration, next))),
    configWith: async (more) => loadConfig({ path, environment: { ...environment, ...more } }),
    show,
    status: () => service.trail.status(),
    untilDone: (changes, patienceMs = 25_000) => untilDone(service, changes, patienceMs),
    async close() {
      await service.close();
      await sandbox.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Signs and posts a body the way GitLab 19 does. */
export async function deliver(
  url: string,
  signingToken: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const id = headers['webhook-id'] ?? randomUUID();
  const timestamp = headers['webhook-timestamp'] ?? String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(signingToken.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${text}`).digest('base64');
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-gitlab-event': 'Merge Request Hook',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
      ...headers,
    },
    body: text,
  });
}

async function untilDone(service: Service, changes: number, patienceMs: number): Promise<StatusReport> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const status = await service.trail.status();
    if (status.changes.done >= changes && status.changes.open === 0) return status;
    if (performance.now() > end) throw new Error(`Not done in time: ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function merged(base: Record<string, unknown>, over: Configuration): Record<string, unknown> {
  const sections = Object.entries(over).map(([name, section]) => [
    name,
    isList(section) ? section : { ...(base[name] as object), ...section },
  ]);
  return { ...base, ...Object.fromEntries(sections) };
}

// Array.isArray says nothing about lists that are read-only.
function isList(section: Configuration[string]): section is readonly unknown[] {
  return Array.isArray(section);
}

/** What stands in `DATABASE_URL`. Only the path of a socket folder is told in the query: an address has to have a host. */
export function addressOf(connection: {
  host?: string | undefined;
  port?: number | undefined;
  user?: string | undefined;
  password?: unknown;
  database?: string | undefined;
}): string {
  const { host = '', port = 5432, user = '', password, database = '' } = connection;
  const secret = typeof password === 'string' ? `:${encodeURIComponent(password)}` : '';
  const query = new URLSearchParams({ host, port: String(port) });
  return `postgres://${encodeURIComponent(user)}${secret}@localhost/${database}?${query.toString()}`;
}
