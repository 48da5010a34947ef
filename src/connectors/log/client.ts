import { ConnectorError } from '../errors.ts';
import { codeOfStatus, createHttp, parseJson, type HttpAnswer } from '../http.ts';
import { KeyDocuments, SealedCheck } from './schema.ts';

export interface LogClientOptions {
  /** Of a Countersign, with or without `/log` or `/log/checkpoint` at its end. */
  readonly address: string;
  readonly timeoutMs?: number;
}

/** A statement that names a key, with what opens its leaf. */
export interface ServedKey {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly envelope: Uint8Array;
  readonly salt: Uint8Array;
}

/** Reads a log that is served. Undefined is what is not there. */
export interface LogClient {
  /** A file of the log: `checkpoint`, or `tile/…`. */
  read(path: string): Promise<Uint8Array | undefined>;
  readKeys(): Promise<readonly ServedKey[] | undefined>;
  /** What the service finds when it opens its own sealed documents of 256 entries. */
  checkSealed(bundle: number): Promise<SealedCheck | undefined>;
}

// A bundle has 256 leaves, of 1,024 bytes at most, each with its length before it.
const largestBundle = 256 * (1024 + 2);
const largestTile = 256 * 32;
const largestDocument = 1024 * 1024;

/** Reads the log of a running Countersign, or any other of C2SP's tlog-tiles. It never tries anything twice by itself. */
export function createLogClient({ address, timeoutMs = 20_000 }: LogClientOptions): LogClient {
  const base = address.replace(/(\/log(\/checkpoint)?)?\/*$/, '');
  const http = createHttp({ vendor: 'log', timeoutMs });

  async function get(path: string, maxBytes: number): Promise<HttpAnswer | undefined> {
    const answer = await http({ url: `${base}/log/${path}`, maxBytes });
    if (answer.status === 200) return answer;
    if (answer.status === 404) return undefined;
    const { host } = new URL(base);
    const moved = answer.status >= 300 && answer.status < 400 ? '. Give the address that it leads to' : '';
    throw new ConnectorError({
      vendor: 'log',
      code: codeOfStatus(answer.status),
      status: answer.status,
      message: `The log at ${host} answered with HTTP status ${answer.status}${moved}`,
    });
  }

  return {
    async read(path) {
      const most = path.startsWith('tile/entries/') ? largestBundle : largestTile;
      const answer = await get(path, path === 'checkpoint' ? largestDocument : most);
      return answer?.bytes;
    },
    async readKeys() {
      const answer = await get('keys', 8 * largestDocument);
      if (answer === undefined) return undefined;
      return parseJson('log', KeyDocuments, answer).map(({ index, leaf, envelope, salt }) => ({
        index,
        leaf: Buffer.from(leaf, 'base64'),
        envelope: Buffer.from(envelope, 'base64'),
        salt: Buffer.from(salt, 'hex'),
      }));
    },
    async checkSealed(bundle) {
      const answer = await get(`sealed/${bundle}`, largestDocument);
      return answer === undefined ? undefined : parseJson('log', SealedCheck, answer);
    },
  };
}
