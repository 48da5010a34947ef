import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTsa, type TestTsa, type TsaFault } from '../../../test/support/tsa.ts';
import { createTsa, type Tsa } from './client.ts';

let authority: TestTsa;
let client: Tsa;

beforeAll(async () => {
  authority = await startTsa();
  client = createTsa({ url: authority.url, timeoutMs: 2000 });
});

beforeEach(() => {
  authority.fault = undefined;
});

afterAll(() => authority.close());

const note = Buffer.from('countersign.test/log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n');

describe('the client of a time-stamping authority', () => {
  it('gets a stamp of now, and tells the authority the digest alone', async () => {
    const { response, statedAt } = await client.stamp(note);
    expect(Math.abs(statedAt.getTime() - Date.now())).toBeLessThan(60_000);
    const { contentType, body } = authority.requests.at(-1)!;
    expect(contentType).toBe('application/timestamp-query');
    const digest = createHash('sha256').update(note).digest();
    expect([body.includes(digest), response.includes(digest), body.length]).toEqual([true, true, 70]);
  });

  it('asks with another nonce each time', async () => {
    await client.stamp(note);
    await client.stamp(note);
    const [one, two] = authority.requests.slice(-2).map(({ body }) => body.toString('hex'));
    expect(one).not.toBe(two);
  });

  it.each<[TsaFault, object]>([
    ['down', { code: 'server_error', status: 503, retryAfterSeconds: 7 }],
    ['garbage', { code: 'bad_response' }],
    ['endless', { code: 'bad_response' }],
    ['another_imprint', { code: 'bad_response' }],
    ['another_nonce', { code: 'bad_response' }],
    ['no_certificate', { code: 'bad_response' }],
    ['sha512_only', { code: 'refused', vendorCode: 'badAlg' }],
  ])('refuses an authority that is or answers %s, with a code', async (fault, error) => {
    authority.fault = fault;
    await expect(client.stamp(note)).rejects.toMatchObject({ vendor: 'tsa', ...error });
  });

  it('stops reading an answer without end', async () => {
    authority.fault = 'endless';
    await expect(client.stamp(note)).rejects.toMatchObject({ code: 'bad_response', status: 200 });
  });

  it('waits only for so long', async () => {
    authority.fault = 'silent';
    const hasty = createTsa({ url: authority.url, timeoutMs: 100 });
    await expect(hasty.stamp(note)).rejects.toMatchObject({ vendor: 'tsa', code: 'timeout' });
  });

  it('says that an authority is not there', async () => {
    const nobody = await startTsa();
    await nobody.close();
    await expect(createTsa({ url: nobody.url }).stamp(note)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('does not keep a stamp from a clock that is hours away from ours', async () => {
    const late = createTsa({ url: authority.url, now: () => new Date(Date.now() + 2 * 3_600_000) });
    await expect(late.stamp(note)).rejects.toMatchObject({ code: 'bad_response' });
  });
});
