import {
  leafHash,
  openCheckpoint,
  parseEntryBundle,
  parseLeaf,
  parseShortHead,
  parseVerifierKey,
  tilePath,
} from '@countersign/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { primitives as p } from '../src/workflow/primitives.ts';
import { openMergeRequest } from './support/merge-requests.ts';
import { naiveRoot } from './support/naive-tree.ts';
import { startWorld, type World } from './support/service.ts';

// The view of somebody who has the page, the channels and the addresses of the log, and nothing else.

const title = 'Reviews of 2026';
const origin = 'ledger.example/log';
const merges = 3;
let world: World;

beforeAll(async () => {
  world = await startWorld({ configuration: { ledger: { origin }, confluence: { title } } });
  // One after the other, so that the heads are not all the same.
  for (let done = 0; done < merges; done++) {
    world.merge(openMergeRequest(world, { pod: done }));
    await world.untilDone(done + 1);
  }
}, 60_000);

afterAll(() => world.close());

async function fetchLog(path: string): Promise<Response> {
  const response = await fetch(`${world.service.address}/log/${path}`);
  expect([path, response.status]).toEqual([path, 200]);
  return response;
}

/** The log as it is served: its signed head, and the leaves below it. */
async function readLog() {
  const note = await (await fetchLog('checkpoint')).text();
  const key = parseVerifierKey(p, /\S+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}/.exec(pageText())![0]);
  const head = openCheckpoint(p, note, [key], origin);
  const path = tilePath({ level: 'entries', index: 0, width: head.size });
  const leaves = parseEntryBundle(new Uint8Array(await (await fetchLog(path)).arrayBuffer()), head.size);
  return { head, leaves };
}

function page() {
  const { confluence } = world.sandbox;
  return confluence.render(confluence.pages().find((one) => one.title === title)!.id);
}

function pageText(): string {
  return page().text;
}

interface Published {
  readonly recordId: string;
  readonly index: number;
  readonly head: string;
}

/** What the rows say, by the second line of their last cell. */
function rows(): Published[] {
  return page()
    .tables[0]!.rows.slice(1)
    .map(({ cells }) => {
      const said = /^(SEC-[0-9a-f]{16})\nentry ([0-9]+) of (\S+)$/.exec(cells.at(-1)!.text);
      expect(said).not.toBeNull();
      return { recordId: said![1]!, index: Number(said![2]), head: said![3]! };
    });
}

/** What the ends of our messages say. */
function messages(): string[] {
  const { slack } = world.sandbox;
  const own = slack.channels().flatMap(({ id }) => slack.messages(id).filter((message) => message.own));
  return own.map(({ rendered }) => / · ledger `(\S+)`$/.exec(rendered.plain)?.[1] ?? rendered.plain);
}

/** The root over the first leaves, in base64. */
function rootOver(leaves: readonly Uint8Array[]): string {
  return Buffer.from(naiveRoot(leaves.map((leaf) => leafHash(p, leaf)))).toString('base64');
}

test('every head on the page and in the channels is that of a tree which the log has had', async () => {
  const { head, leaves } = await readLog();
  expect(rootOver(leaves)).toBe(Buffer.from(head.root).toString('base64'));
  const heads = [...rows().map((row) => row.head), ...messages()];
  expect(heads).toHaveLength(2 * merges);
  for (const kept of heads.map(parseShortHead)) {
    expect(kept.size).toBeLessThanOrEqual(head.size);
    expect(rootOver(leaves.slice(0, kept.size)).startsWith(kept.rootStart)).toBe(true);
  }
  expect(new Set(heads).size).toBeGreaterThanOrEqual(merges);
});

test('the signed head that a short one points at is served by its size', async () => {
  for (const row of rows()) {
    const { size, rootStart } = parseShortHead(row.head);
    const lines = (await (await fetchLog(`checkpoint/${size}`)).text()).split('\n');
    expect([lines[0], lines[1], lines[2]!.slice(0, 16)]).toEqual([origin, String(size), rootStart]);
  }
});

test('every row names the entry of its record, below a head that covers it', async () => {
  const { leaves } = await readLog();
  const named = rows();
  expect(named.map(({ index }) => parseLeaf(leaves[index]!))).toMatchObject(
    named.map(({ recordId }) => ({ kind: 'record', id: recordId })),
  );
  expect(named.filter(({ index, head }) => index >= parseShortHead(head).size)).toEqual([]);
});

test('above a table that was made for it stands once which log this is, and where', () => {
  const said = pageText().split('The records in this table are sealed in the log ');
  expect(said).toHaveLength(2);
  expect(said[1]).toMatch(
    /^ledger\.example\/log; its newest head is at http:\/\/127\.0\.0\.1:8080\/log\/checkpoint\. /,
  );
});
