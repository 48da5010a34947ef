import { spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStampedWorld, type StampedWorld } from '../support/stamped-world.ts';
import { startTsa } from '../support/tsa.ts';

// Somebody who trusts no code of ours: OpenSSL, the addresses that are served, and the root certificate of the authority.

let world: StampedWorld;
let folder: string;
let note: Buffer;
let reply: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-openssl-ts-'));
  world = await startStampedWorld();
  note = await fetched(`checkpoint/${world.stamped.size}`);
  reply = await fetched(`timestamps/${world.stamped.size}.tsr`);
  await copyFile(world.authority.caFile, join(folder, 'ca.pem'));
}, 60_000);

afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function fetched(path: string): Promise<Buffer> {
  const response = await fetch(`${world.service.address}/log/${path}`);
  expect([path, response.status]).toEqual([path, 200]);
  return Buffer.from(await response.arrayBuffer());
}

/** A genuine head before the one that was stamped. */
async function earlierHead(): Promise<Buffer> {
  for (let size = world.stamped.size - 1; size > 0; size--) {
    const response = await fetch(`${world.service.address}/log/checkpoint/${size}`);
    if (response.status === 200) return Buffer.from(await response.arrayBuffer());
  }
  throw new Error('There is no earlier head');
}

function openssl(...args: string[]): { code: number | null; said: string } {
  const { error, status, stdout, stderr } = spawnSync('openssl', args, { cwd: folder, timeout: 20_000 });
  if (error !== undefined) {
    throw new Error('OpenSSL 3 has to be installed as `openssl`: apt-get install openssl', { cause: error });
  }
  return { code: status, said: `${stdout.toString()}${stderr.toString()}` };
}

/** What `openssl ts -verify` says, as docs/auditing.md has it called. */
async function judge(checkpoint: Buffer, stamp: Buffer, caFile = 'ca.pem'): Promise<'holds' | 'does not hold'> {
  await writeFile(join(folder, 'checkpoint.txt'), checkpoint);
  await writeFile(join(folder, 'stamp.tsr'), stamp);
  const files = ['-data', 'checkpoint.txt', '-in', 'stamp.tsr', '-CAfile', caFile];
  const { code, said } = openssl('ts', '-verify', ...files);
  if (code === 0 && said.includes('Verification: OK')) return 'holds';
  if (code === 1) return 'does not hold';
  throw new Error(`openssl ended with ${code}: ${said}`);
}

describe('OpenSSL, with the root certificate of the authority', () => {
  it('verifies the stamp of the head that holds the record of the change', async () => {
    expect(await judge(note, reply)).toBe('holds');
    const { ledger } = await world.service.trail.status();
    expect(world.stamped.size).toBe(ledger?.size);
  });

  it('shows the time that is listed', () => {
    const { said } = openssl('ts', '-reply', '-in', 'stamp.tsr', '-text');
    const time = /Time stamp: (.*) GMT/.exec(said)?.[1];
    expect(new Date(`${time} UTC`).toISOString()).toBe(world.stamped.at);
  });

  it('verifies it for no other head, and for no other bytes', async () => {
    expect(await judge(await earlierHead(), reply)).toBe('does not hold');
    for (const at of [0, note.length >> 1, note.length - 1]) {
      expect(await judge(Buffer.from(note.with(at, note[at]! ^ 1)), reply)).toBe('does not hold');
    }
  });

  it('verifies no stamp in which what was stamped, when, or the signature has changed', async () => {
    const { at } = world.stamped;
    const time = Buffer.from(`${at.slice(0, 19).replaceAll(/[-:T]/g, '')}Z`);
    const places = [
      reply.indexOf(time) + 13,
      reply.length - 1,
      reply.length - 40,
      reply.indexOf('2a864886f70d0109100104', 0, 'hex'),
    ];
    for (const place of places) {
      const other = Buffer.from(reply.with(place, reply[place]! ^ 1));
      expect([place, await judge(note, other)]).toEqual([place, 'does not hold']);
    }
  });

  it('verifies it with the certificate of no other authority', async () => {
    const another = await startTsa();
    try {
      await copyFile(another.caFile, join(folder, 'other-ca.pem'));
    } finally {
      await another.close();
    }
    expect(await judge(note, reply, 'other-ca.pem')).toBe('does not hold');
    expect(await judge(note, reply)).toBe('holds');
  });
});
