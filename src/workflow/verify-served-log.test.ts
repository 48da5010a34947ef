import { encodeEntryBundle, formatCheckpoint, parseEntryBundle, signNote, type Signer } from '@countersign/ledger';
import { afterEach, describe, expect, it } from 'vitest';
import { buildPack, firstKey, packOrigin, secondKey } from '../../test/support/pack-builder.ts';
import { seeds, signerOf } from '../../test/support/ledger-primitives.ts';
import { serveLog, type Answering, type ServedLog } from '../../test/support/served-log.ts';
import { createLogClient } from '../connectors/log/client.ts';
import { primitives as p } from './primitives.ts';
import { verifyServedLog, type VerifyServedOptions } from './verify-served-log.ts';

const built = buildPack({ filler: 600 });
const other = buildPack({ filler: 600, title: 'Another title' });
const keyEntries = [...built.files.keys()]
  .filter((name) => /^statements\/\d+\.leaf\.json$/.test(name))
  .filter((name) => Buffer.from(built.files.get(name)!).includes('"key/'))
  .map((name) => Number(/\d+/.exec(name)![0]));

const running: ServedLog[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

/** Serves the log with one answer another, and verifies it. */
async function verify(
  { answer, files = built.files }: { answer?: Answering; files?: typeof built.files } = {},
  options: VerifyServedOptions = {},
) {
  const sealed: Answering = (path, response) => {
    if (answer?.(path, response) === true) return true;
    if (!path.startsWith('sealed/')) return false;
    response.end(JSON.stringify({ from: 0, to: 0, broken: [] }));
    return true;
  };
  const served = await serveLog(files, { keyEntries, answer: sealed });
  running.push(served);
  const client = createLogClient({ address: served.address, timeoutMs: 2000 });
  return { report: await verifyServedLog(p, client, options) };
}

const say =
  (path: string, body: string | Uint8Array): Answering =>
  (asked, response) => {
    if (asked !== path) return false;
    response.end(body);
    return true;
  };

/** The second full bundle of entries with its third entry replaced. */
function editedBundle(): Uint8Array {
  const entries = parseEntryBundle(built.files.get('log/tile/entries/001')!, 256);
  const edited = Buffer.from(Buffer.from(entries[2]!).toString().replace('batch', 'BATCH'));
  return encodeEntryBundle(entries.map((entry, at) => (at === 2 ? edited : entry)));
}

describe('a log that is served', () => {
  it('holds by any of its keys, and begins with an earlier head', async () => {
    for (const keys of [[firstKey], [secondKey], undefined]) {
      const trustedKeys = keys === undefined ? undefined : () => keys;
      const { report } = await verify({}, { trustedKeys, since: built.earlier.note });
      expect(report).toMatchObject({ failures: [], ok: true, changes: 4, opened: true, since: { holds: true } });
      expect(report.head?.size).toBe(built.head.size);
    }
  });

  it('is believed by its newest key where nobody gives one, and the report says so', async () => {
    const { report } = await verify();
    expect(report.trustedBy).toBe('log');
    expect(report.keys.map(({ key }) => key.name)).toEqual([packOrigin, packOrigin]);
  });

  it('with an entry that was changed does not hold, and the entry is named', async () => {
    const { report } = await verify({ answer: say('tile/entries/001', editedBundle()) });
    expect(report.failures[0]).toMatchObject({ file: 'log/tile/entries/001', code: 'entry_changed', entry: 258 });
  });

  it.each([
    ['a tile of others', say('tile/0/001', Buffer.alloc(8192)), 'log/tile/0/001', 'bad_tile'],
    ['a tile too few', missing('tile/0/001'), 'log/tile/0/001', 'file_missing'],
    ['entries too few', missing('tile/entries/001'), 'log/tile/entries/001', 'entry_missing'],
    ['no head', missing('checkpoint'), 'log/checkpoint', 'file_missing'],
    ['a head of anything', say('checkpoint', 'anything'), 'log/checkpoint', 'bad_note'],
    ['no keys', missing('keys'), 'log/keys', 'bad_key_history'],
    ['no statement about its second key', fewerKeys(), 'log/checkpoint', 'unknown_key'],
    ['a statement with another salt', otherSalt(), 'log/keys', 'bad_commitment'],
  ])('with %s does not hold', async (_, answer, file, code) => {
    const { report } = await verify({ answer });
    expect(report.ok).toBe(false);
    expect(report.failures).toContainEqual(expect.objectContaining({ file, code }));
  });

  it('that names a key which nobody trusts does not hold', async () => {
    const stranger = signerOf(packOrigin, seeds.third);
    const { report } = await verify({}, { trustedKeys: () => [stranger] });
    expect(report.failures[0]).toMatchObject({ file: 'log/keys', code: 'unknown_key' });
  });

  it('that was built anew does not hold against an earlier head', async () => {
    const { report } = await verify({ files: other.files }, { since: built.earlier.note });
    expect(report).toMatchObject({ ok: false, since: { holds: false } });
    expect(report.failures[0]).toMatchObject({ file: '(since)', code: 'inconsistent' });
  });

  it('of which the service finds documents changed does not hold, and each is named', async () => {
    const broken = [{ index: 3, code: 'record_changed' }];
    const answer = say('sealed/0', JSON.stringify({ from: 0, to: 256, broken }));
    const { report } = await verify({ answer });
    expect(report.failures).toMatchObject([{ file: 'log entry 3', code: 'record_changed', entry: 3 }]);
  });

  it('that does not open its documents holds as far as it can be seen, and the report says so', async () => {
    const { report } = await verify({ answer: missing('sealed/0') });
    expect(report).toMatchObject({ ok: true, opened: false });
  });

  it('without a word about its keys is held to the key that was given', async () => {
    const { report } = await verify({ answer: missing('keys') }, { trustedKeys: () => [secondKey] });
    expect(report).toMatchObject({ ok: true, failures: [], trustedBy: 'given' });
  });

  it.each([
    ['without a word about its keys', missing('keys')],
    ['that does not serve the statement about a later key', fewerKeys()],
  ])('%s does not hold by a head of the key that its entries have given up', async (_, answer) => {
    const files = headBy(firstKey, built.head.size);
    const { report } = await verify({ answer, files }, { trustedKeys: () => [firstKey] });
    expect(report.failures).toMatchObject([{ file: 'log/keys', code: 'bad_key_history', entry: keyEntries.at(-1) }]);
  });

  it('that lacks an entry names it, as the service finds it missing', async () => {
    const broken = [{ index: 300, code: 'entry_missing' }];
    const answer: Answering = (asked, response) => {
      if (asked === 'sealed/1') response.end(JSON.stringify({ from: 256, to: 512, broken }));
      else if (asked === 'tile/entries/001') response.writeHead(404).end();
      else return false;
      return true;
    };
    const { report } = await verify({ answer });
    expect(report.failures).toContainEqual(expect.objectContaining({ file: 'log entry 300', code: 'entry_missing' }));
  });

  it.each([
    [
      'entries',
      (path: string) => path.startsWith('tile/entries/') && path !== 'tile/entries/000',
      ['sealed/0', 'sealed/1'],
    ],
    ['tiles', (path: string) => path.startsWith('tile/0/'), ['sealed/0']],
  ])(
    'whose signed head claims 9e14 entries is asked for no more documents than it has %s',
    async (_, lacks, opened) => {
      const asked: string[] = [];
      const answer: Answering = (path, response) => {
        asked.push(path);
        if (!lacks(path)) return false;
        response.writeHead(404).end();
        return true;
      };
      const { report } = await verify({ answer, files: headBy(secondKey, 9e14) });
      expect(report).toMatchObject({ ok: false, head: { size: 9e14 } });
      expect(asked.filter((path) => path.startsWith('sealed/'))).toEqual(opened);
    },
  );

  it.each([
    ['a redirection', 'refused', (asked: string) => asked === 'tile/0/000', 302, ''],
    ['a failure', 'server_error', (asked: string) => asked === 'checkpoint', 500, ''],
    ['nonsense for its keys', 'bad_response', (asked: string) => asked === 'keys', 200, '{"keys": 7}'],
    ['nonsense for its documents', 'bad_response', (asked: string) => asked === 'sealed/1', 200, '[]'],
    ['more than a tile can hold', 'bad_response', (asked: string) => asked === 'tile/0/000', 200, 'x'.repeat(10_000)],
  ])('that answers with %s ends in the code %s', async (_, code, isMeant, status, body) => {
    const answer: Answering = (asked, response) => {
      if (!isMeant(asked)) return false;
      response.statusCode = status;
      response.end(body);
      return true;
    };
    await expect(verify({ answer })).rejects.toMatchObject({ code, vendor: 'log' });
  });

  it('that does not answer ends in a time-out, and one that is not there is unreachable', async () => {
    await expect(verify({ answer: (asked) => asked === 'keys' })).rejects.toMatchObject({ code: 'timeout' });
    const served = await serveLog(built.files, { keyEntries });
    await served.close();
    const client = createLogClient({ address: served.address });
    await expect(verifyServedLog(p, client)).rejects.toMatchObject({ code: 'unreachable' });
  });
});

/** The log under another head of its root. */
function headBy(key: Signer, size: number): typeof built.files {
  const { root } = built.head;
  const note = signNote(p, formatCheckpoint({ origin: packOrigin, size, root }), [key]);
  return new Map([...built.files, ['log/checkpoint', Buffer.from(note)]]);
}

function missing(path: string): Answering {
  return (asked, response) => {
    if (asked !== path) return false;
    response.statusCode = 404;
    response.end();
    return true;
  };
}

function keyDocument(index: number) {
  const stem = `statements/${String(index).padStart(9, '0')}`;
  const base64 = (name: string) => Buffer.from(built.files.get(name)!).toString('base64');
  const salt = Buffer.from(built.files.get(`${stem}.salt`)!)
    .toString()
    .trim();
  return { index, leaf: base64(`${stem}.leaf.json`), envelope: base64(`${stem}.envelope.json`), salt };
}

// The first key alone did not sign the newest head.
function fewerKeys(): Answering {
  return say('keys', JSON.stringify([keyDocument(0)]));
}

function otherSalt(): Answering {
  const documents = keyEntries.map(keyDocument);
  return say('keys', JSON.stringify(documents.map((one) => ({ ...one, salt: '0'.repeat(64) }))));
}
