import { afterEach, expect, test } from 'vitest';
import { doorLimits, type DoorLimits } from '../src/server/door/limits.ts';
import { dial, headOf, mergeEvent, openDoor, type TestDoor, type Wire } from './support/front-door.ts';

const doors: TestDoor[] = [];
const wires: Wire[] = [];

afterEach(async () => {
  for (const { socket } of wires.splice(0)) socket.destroy();
  for (const { app } of doors.splice(0)) await app.close();
});

async function open(limits: Partial<DoorLimits> = {}): Promise<TestDoor> {
  const door = await openDoor(limits);
  doors.push(door);
  return door;
}

async function call(door: TestDoor): Promise<Wire> {
  const wire = await dial(door);
  wires.push(wire);
  return wire;
}

async function answered(wire: Wire, ...statuses: number[]): Promise<void> {
  await expect.poll(wire.statuses, { timeout: 10_000 }).toEqual(statuses);
}

/** An honest delivery on a connection of its own gets its answer. */
async function expectOpen(door: TestDoor): Promise<void> {
  const wire = await call(door);
  const body = mergeEvent(1);
  wire.write(headOf(body), body);
  await answered(wire, 200);
}

const foreign = { 'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}` };

test('a head that trickles in is let go of', async () => {
  const door = await open({ headersMs: 50, requestMs: 200 });
  const slow = await call(door);
  slow.write('POST /webhooks/gitlab HTTP/1.1\r\nhost: ');
  await slow.closed;
  expect(slow.statuses()).toEqual([408]);
  expect(door.kept).toEqual([]);
});

test('a body that trickles in is let go of, and holds nothing any more', async () => {
  const door = await open({ headersMs: 50, requestMs: 100 });
  const slow = await call(door);
  const body = mergeEvent(1);
  slow.write(headOf(body), body.slice(0, 20));
  await slow.closed;
  await expect.poll(door.reading).toBe(0);
  expect(door.kept).toEqual([]);
  await expectOpen(door);
});

test('a client that goes away in the midst of its body leaves nothing behind', async () => {
  const door = await open();
  const gone = await call(door);
  const body = mergeEvent(1);
  gone.write(headOf(body), body.slice(0, 20));
  await expect.poll(door.reading).toBe(20);
  gone.socket.destroy();
  await expect.poll(door.reading).toBe(0);
  expect(door.kept).toEqual([]);
});

test('a client that says no more after half a body is no delivery', async () => {
  const door = await open();
  const half = await call(door);
  const body = mergeEvent(1);
  half.write(headOf(body), body.slice(0, 20));
  half.socket.end();
  await half.closed;
  await expect.poll(door.reading).toBe(0);
  expect(door.kept).toEqual([]);
});

test('a client that says no more after its request gets its answer', async () => {
  const door = await open();
  const half = await call(door);
  const body = mergeEvent(1);
  half.write(headOf(body), body);
  half.socket.end();
  await answered(half, 200);
  expect(door.kept).toHaveLength(1);
});

test('a body that turns out too large is 413 before it has ended', async () => {
  const door = await open({ largestBody: 100_000 });
  const large = await call(door);
  large.write(headOf('', { 'content-length': '', 'transfer-encoding': 'chunked' }));
  const chunk = Buffer.alloc(0x10000, 'x');
  for (let sent = 0; sent < 2; sent++) large.write('10000\r\n', chunk, '\r\n');
  await answered(large, 413);
  await large.closed;
  expect(door.reading()).toBe(0);
});

test.each([
  ['without a signature', { 'webhook-signature': '' }, 401],
  ['without a time', { 'webhook-timestamp': 'noon' }, 401],
  ['of another type', { 'content-type': 'text/plain' }, 415],
  ['too large', { 'content-length': String(doorLimits.largestBody + 1) }, 413],
])('a request %s is answered before its body comes', async (_what, headers, status) => {
  const door = await open();
  const wire = await call(door);
  wire.write(headOf(mergeEvent(1), { 'content-length': '1000000', ...headers }));
  await answered(wire, status);
  await wire.closed;
  expect(door.reading()).toBe(0);
});

test('bodies of unknown senders are held up to a bound in all; the largest go, and small ones are still let in', async () => {
  const door = await open({ readingBytes: 1_000_000 });
  const small = await call(door);
  const body = mergeEvent(2);
  small.write(headOf(body), body.slice(0, 20));
  await expect.poll(door.reading).toBe(20);
  const large: Wire[] = [];
  let most = 0;
  for (let number = 0; number < 8; number++) {
    const wire = await call(door);
    wire.write(headOf('', { ...foreign, 'content-length': '600000' }), Buffer.alloc(400_000, 'x'));
    large.push(wire);
    await expect.poll(() => door.reading() % 400_000).toBe(20);
    most = Math.max(most, door.reading());
  }
  await expect.poll(() => large.filter((wire) => wire.statuses()[0] === 503).length).toBeGreaterThanOrEqual(6);
  expect(most).toBeLessThanOrEqual(1_000_000);
  // They may have been authentic.
  expect(door.missed.map(({ reason }) => reason)).toContain('overloaded');
  small.write(body.slice(20));
  await answered(small, 200);
  await expectOpen(door);
});

test('while nothing more may wait, a delivery is refused at once and its body not read', async () => {
  const door = await open();
  door.isFull = true;
  const wire = await call(door);
  wire.write(headOf(mergeEvent(1), { 'content-length': '1000000' }));
  await answered(wire, 503);
  await wire.closed;
  expect(door.missed).toMatchObject([{ reason: 'overloaded' }]);
  door.isFull = false;
  await expectOpen(door);
});

test('thousands of wrong signatures are neither parsed nor kept, and others are let in between', async () => {
  const door = await open();
  const flood = await call(door);
  // It would be 400 if it was parsed.
  const body = '{';
  for (let number = 0; number < 3000; number++) flood.write(headOf(body, foreign), body);
  await expectOpen(door);
  await expect.poll(() => flood.statuses().length, { timeout: 20_000 }).toBe(3000);
  expect(new Set(flood.statuses())).toEqual(new Set([401]));
  expect(door.kept).toHaveLength(1);
  expect(door.missed).toEqual([]);
});

test('beyond the bound of connections those that have been idle longest go, and others are let in', async () => {
  const door = await open({ connections: 20, headersMs: 60_000, requestMs: 60_000 });
  const idle: Wire[] = [];
  for (let number = 0; number < 30; number++) idle.push(await call(door));
  await Promise.all(idle.slice(0, 10).map(({ closed }) => closed));
  await expectOpen(door);
  expect(door.missed).toEqual([]);
});

test('where every connection is at work a new one goes, and that is remembered', async () => {
  const door = await open({ connections: 2 });
  for (let number = 0; number < 2; number++) {
    const wire = await call(door);
    wire.write(headOf(mergeEvent(1)), '{');
  }
  await expect.poll(door.reading).toBe(2);
  const late = await call(door);
  await late.closed;
  expect(door.missed).toMatchObject([{ reason: 'overloaded' }]);
});

test.each([
  ['two lengths', { 'content-length': '10, 20' }],
  ['a length and chunks', { 'transfer-encoding': 'chunked' }],
  ['an unknown encoding', { 'content-length': '', 'transfer-encoding': 'xchunked' }],
  ['chunks that are not last', { 'content-length': '', 'transfer-encoding': 'chunked, identity' }],
  ['a length below nothing', { 'content-length': '-1' }],
])('a request with %s is refused, and nothing behind it is taken for another', async (_what, headers) => {
  const door = await open();
  const wire = await call(door);
  const body = mergeEvent(1);
  wire.write(headOf(body, headers), body, headOf(body), body);
  await wire.closed;
  expect(wire.statuses()).toEqual([400]);
  expect(door.kept).toEqual([]);
});

test('deliveries that come one after another without waiting are answered in their order', async () => {
  const door = await open();
  const waiting: (() => void)[] = [];
  door.keep = async ({ delivery }) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return { result: 'accepted', change: String(delivery.event.iid), trigger: 'on' };
  };
  const wire = await call(door);
  const bodies = Array.from({ length: 20 }, (_, index) => mergeEvent(index + 1));
  wire.write(bodies.map((body) => headOf(body) + body).join(''));
  await expect.poll(() => waiting.length).toBe(20);
  for (const answer of waiting.toReversed()) answer();
  await expect.poll(() => wire.statuses().length).toBe(20);
  const order = [...wire.received().matchAll(/"change":"(\d+)"/g)].map(([, iid]) => Number(iid));
  expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

test('an authentic body that nests without end is refused, and costs no parser', async () => {
  const door = await open();
  const wire = await call(door);
  const body = '['.repeat(5_000_000);
  wire.write(headOf(body), body);
  await answered(wire, 400);
  expect(wire.received()).toContain('wrong_shape');
});

test('what waits does not hold the block of memory that it came in', async () => {
  const door = await open();
  const wire = await call(door);
  const body = mergeEvent(1);
  // What comes in pieces is put together in memory that is shared.
  const pieces = [body.slice(0, 20), body.slice(20), ''];
  const chunks = pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('');
  wire.write(headOf(body, { 'content-length': '', 'transfer-encoding': 'chunked' }), chunks);
  await answered(wire, 200);
  const [kept] = door.kept;
  expect(kept!.delivery.body.toString()).toBe(body);
  expect(kept!.delivery.body.buffer.byteLength).toBeLessThanOrEqual(2 * body.length);
});

test('while it stops, what waits is answered, and whoever still sends is told and remembered', async () => {
  const door = await open();
  const waiting: (() => void)[] = [];
  door.keep = async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return { result: 'accepted', change: '1', trigger: 'on' };
  };
  const [waits, sends, trickles, idle] = [await call(door), await call(door), await call(door), await call(door)];
  const body = mergeEvent(1);
  waits.write(headOf(body), body);
  sends.write(headOf(body), body.slice(0, 20));
  trickles.write('POST /webhooks/gitlab HT');
  await expect.poll(() => waiting.length).toBe(1);
  await expect.poll(door.reading).toBe(20);
  const closed = door.app.close();
  await answered(sends, 503);
  await Promise.all([trickles.closed, idle.closed]);
  waiting[0]!();
  await answered(waits, 200);
  await closed;
  expect(door.missed).toMatchObject([{ reason: 'stopping' }]);
});

test('a delivery that could not be stored is remembered since it happened, by an hour at most', async () => {
  const door = await open();
  door.keep = () => Promise.reject(Object.assign(new Error('away'), { code: 'not_durable' }));
  const send = async (happened: Date): Promise<number> => {
    const wire = await call(door);
    const event = JSON.parse(mergeEvent(1));
    event.object_attributes.updated_at = happened.toISOString();
    const body = JSON.stringify(event);
    wire.write(headOf(body), body);
    await answered(wire, 503);
    return door.missed.at(-1)!.from.getTime();
  };
  const now = Date.now();
  const recently = new Date(now - 600_000);
  expect(await send(recently)).toBe(recently.getTime());
  const longAgo = await send(new Date(now - 365 * 24 * 3_600_000));
  expect(longAgo).toBeGreaterThanOrEqual(now - 3_600_000);
  expect(longAgo).toBeLessThanOrEqual(Date.now() - 3_600_000);
});
