import { expect, onTestFinished } from 'vitest';
import type { PageTarget } from '../../src/connectors/confluence/locate.ts';
import type { Roll } from '../../src/domain/rolling.ts';
import { startConfluence, type FakeConfluence } from '../../src/sandbox/confluence/confluence.ts';
import type { ConfluenceSwitches } from '../../src/sandbox/confluence/switches.ts';
import { createFaults, type Faults } from '../../src/sandbox/faults.ts';
import type { Call } from '../../src/sandbox/http.ts';
import { auditBody } from '../../src/sandbox/seed/seed-confluence.ts';
import { listOpen } from '../../src/storage/attention.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { readRowUrls } from '../../src/storage/rows.ts';
import { startRowWriter, storeMerges, type RowWriter } from './audit-rows.ts';
import { createTestDatabase } from './postgres.ts';
import { quiet } from './quiet.ts';

/** A configured page in a fake Confluence, and nodes that write to it. */
export interface Scene {
  readonly confluence: FakeConfluence;
  readonly database: Database;
  readonly faults: Faults;
  readonly calls: Call[];
  readonly top: string;
  /** A node of its own, that knows what it finds. */
  node(over?: { roll?: Partial<Roll>; page?: PageTarget; now?: () => Date }): RowWriter;
  merges(count: number, at?: string): Promise<number[]>;
  attention(): Promise<string[]>;
}

/** Pages of five rows. */
export const roll: Roll = { every: 'quarter', rows: 5, bytes: 1_000_000 };
/** The day on which all of it happens. */
export const now = (): Date => new Date('2026-11-24T12:00:00Z');

/** Sets a scene, until the test ends. */
export async function setScene(
  options: {
    flavour?: 'cloud' | 'data_center';
    body?: string;
    switches?: Partial<ConfluenceSwitches>;
    roll?: Partial<Roll>;
  } = {},
): Promise<Scene> {
  const [faults, calls]: [Faults, Call[]] = [createFaults(), []];
  const { flavour = 'cloud', body = auditBody, switches = {} } = options;
  const confluence = await startConfluence({ faults, calls, flavour, switches });
  onTestFinished(() => confluence.close());
  confluence.createSpace({ key: 'SEC' });
  const top = confluence.createPage({ space: 'SEC', title: 'Audit', body }).id;
  const empty = await createTestDatabase();
  onTestFinished(() => empty.drop());
  const database = await openDatabase({ connection: empty.connection, log: quiet });
  onTestFinished(() => database.close());
  return {
    confluence,
    database,
    faults,
    calls,
    top,
    node: (over = {}) =>
      startRowWriter({
        database,
        confluence,
        page: over.page ?? { space: 'SEC', title: 'Audit' },
        roll: { ...roll, ...options.roll, ...over.roll },
        now: over.now ?? now,
      }),
    merges: (count, at = '2026-11-02T10:00:00Z') =>
      storeMerges(
        database,
        Array.from({ length: count }, () => at),
      ),
    attention: async () => (await listOpen(database.db)).map(({ kind, reason }) => `${kind} ${reason}`),
  };
}

/** Titles of the pages with rows of ours on them and how many, in the order in which the pages were made. */
export function rowsByPage({ confluence }: Scene): Record<string, number> {
  const pages = confluence.pages().map(({ title, body }) => [title, idsOn(body).length] as const);
  return Object.fromEntries(pages.filter(([, rows]) => rows > 0));
}

/** The merge requests whose rows stand on a page; people's own rows do not count. */
export function idsOn(body: string): string[] {
  return [...body.matchAll(/merge_requests\/(\d+)">acme\/payments!\1</g)].map(([, iid]) => iid!);
}

function allIds({ confluence }: Scene): string[] {
  return confluence.pages().flatMap(({ body }) => idsOn(body));
}

/** Where the list on the configured page leads, by title. */
export function listed({ confluence, top }: Scene): string[] {
  const [, list = ''] =
    /<ac:structured-macro[^>]* ac:name="info".*?<ul[^>]*>(.*?)<\/ul>/.exec(confluence.page(top).body) ?? [];
  return [...list.matchAll(/<a href="[^"]*?(?:pages\/|pageId=)(\d+)[^"]*">/g)].map(
    ([, id]) => confluence.page(id!).title,
  );
}

/** Every row stands once, on the page that the database names. */
export async function expectEachOnce(scene: Scene, ids: readonly number[]): Promise<void> {
  const standing = allIds(scene);
  expect(new Set(standing).size).toBe(standing.length);
  expect(standing).toHaveLength(ids.length);
  const urls = await readRowUrls(scene.database.db, ids);
  const changes = await scene.database.db
    .selectFrom('countersign.change')
    .select(['id', 'iid'])
    .where('id', 'in', ids)
    .execute();
  const named = new Map(changes.map(({ id, iid }) => [String(iid), urls.get(id)]));
  for (const { url, body } of scene.confluence.pages()) for (const iid of idsOn(body)) expect(named.get(iid)).toBe(url);
}
