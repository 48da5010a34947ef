import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMergeRequest } from './support/merge-requests.ts';
import { startWorld, type World } from './support/service.ts';
import { startStampedWorld, type StampedWorld } from './support/stamped-world.ts';

let world: StampedWorld;

beforeAll(async () => {
  world = await startStampedWorld();
}, 60_000);

afterAll(() => world.close());

const fetchLog = ({ service }: Pick<World, 'service'>, path: string): Promise<Response> =>
  fetch(`${service.address}/log/${path}`);

describe('time stamps, as they are served', () => {
  it('are listed by the size of the head and the time that they state', async () => {
    const response = await fetchLog(world, 'timestamps');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-type')).toContain('application/json');
    const list = JSON.parse(await response.text());
    expect(list).toEqual([{ size: world.stamped.size, at: expect.stringMatching(/^\d{4}-.*Z$/) }]);
    expect(Math.abs(Date.parse(list[0].at) - Date.now())).toBeLessThan(120_000);
  });

  it('come as an authority gave them, beside the very head that they are of, for good', async () => {
    const { size } = world.stamped;
    const reply = await fetchLog(world, `timestamps/${size}.tsr`);
    const note = await fetchLog(world, `checkpoint/${size}`);
    expect(reply.headers.get('content-type')).toBe('application/timestamp-reply');
    for (const { headers } of [reply, note]) expect(headers.get('cache-control')).toContain('immutable');

    const text = await note.text();
    expect(text.split('\n')[1]).toBe(String(size));
    const digest = createHash('sha256').update(text).digest();
    expect(Buffer.from(await reply.arrayBuffer()).includes(digest)).toBe(true);
  });

  it('and heads are at one address each, and nowhere else', async () => {
    const { size } = world.stamped;
    const stamps = [
      `${size + 1}.tsr`,
      `${size}`,
      `0${size}.tsr`,
      '0.tsr',
      '-1.tsr',
      '9'.repeat(99),
      '.tsr',
      `${size}.tsr.tsr`,
    ];
    const heads = ['0', '-1', `0${size}`, '1e0', '9'.repeat(15), '9'.repeat(16), `${size}.tsr`, '%00'];
    const paths = [...stamps.map((name) => `timestamps/${name}`), ...heads.map((name) => `checkpoint/${name}`)];
    for (const path of paths) expect([path, (await fetchLog(world, path)).status]).toEqual([path, 404]);
  });
});

describe('a ledger without an authority', () => {
  it('has an empty list, and heads all the same', async () => {
    const plain = await startWorld();
    try {
      plain.merge(openMergeRequest(plain, { pod: 0 }));
      await plain.untilDone(1);
      expect(await (await fetchLog(plain, 'timestamps')).json()).toEqual([]);
      const newest = await (await fetchLog(plain, 'checkpoint')).text();
      const [, size] = newest.split('\n');
      expect(await (await fetchLog(plain, `checkpoint/${size}`)).text()).toBe(newest);
    } finally {
      await plain.close();
    }
  });

  it('shows nothing where it is not to be read', async () => {
    const closed = await startWorld({ configuration: { ledger: { serve: false } } });
    try {
      expect([(await fetchLog(closed, 'timestamps')).status, (await fetchLog(closed, 'checkpoint/1')).status]).toEqual([
        404, 404,
      ]);
    } finally {
      await closed.close();
    }
  });
});
