import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * What a time-stamping authority can do wrong. `another_imprint` and `another_nonce` are genuine stamps, of other bytes or
 * for another request; `no_certificate` and `sha512_only` are OpenSSL's own doing.
 */
export type TsaFault =
  | 'down' // HTTP 503
  | 'silent' // never answers
  | 'garbage'
  | 'endless'
  | 'another_imprint'
  | 'another_nonce'
  | 'no_certificate'
  | 'sha512_only';

/** A time-stamping authority of one's own: `openssl ts` behind HTTP, as RFC 3161 §3.4 has it. */
export interface TestTsa {
  readonly url: string;
  /** The root certificate that its stamps are verified with. */
  readonly caFile: string;
  /** Requests that have come, as they came. */
  readonly requests: readonly { readonly contentType: string | undefined; readonly body: Buffer }[];
  /** What goes wrong from now on; undefined for nothing. */
  fault: TsaFault | undefined;
  close(): Promise<void>;
}

const run = promisify(execFile);

/** OpenSSL in a folder. */
export async function openssl(folder: string, ...args: string[]): Promise<void> {
  await run('openssl', args, { cwd: folder, timeout: 20_000 });
}

const configuration = `
[ ca ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash

[ authority ]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
# RFC 3161 §2.3: this use alone, and critical.
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash

[ tsa ]
signer_cert = tsa.pem
signer_key = tsa.key
certs = ca.pem
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
serial = serial

[ sha512_only ]
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha512
serial = serial

[ req ]
distinguished_name = nobody

[ nobody ]
`;

/** Makes the certificates and listens on a free port. */
export async function startTsa(): Promise<TestTsa> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-tsa-'));
  await makeCertificates(folder);
  const requests: { contentType: string | undefined; body: Buffer }[] = [];
  let turn = Promise.resolve();
  const server = createServer((request, response) => {
    // One at a time: `openssl ts` counts its serial numbers in a file.
    turn = turn.then(() => answer(request, response)).catch((error: unknown) => void response.destroy(error as Error));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray());
    requests.push({ contentType: request.headers['content-type'], body });
    const { fault } = tsa;
    if (fault === 'silent') return;
    if (fault === 'down') return void response.writeHead(503, { 'retry-after': '7' }).end('<html>later</html>');
    const bytes = await answerOf(folder, body, fault);
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(bytes);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const tsa: TestTsa = {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/tsr`,
    caFile: join(folder, 'ca.pem'),
    requests,
    fault: undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
  return tsa;
}

async function makeCertificates(folder: string): Promise<void> {
  await writeFile(join(folder, 'tsa.cnf'), configuration);
  await writeFile(join(folder, 'serial'), '01\n');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-sha256', '-days', '30'];
  const extensions = (name: string) => ['-config', 'tsa.cnf', '-extensions', name];
  const ca = ['-subj', '/CN=Test CA', '-keyout', 'ca.key', '-out', 'ca.pem'];
  await openssl(folder, 'req', '-x509', ...key, ...extensions('ca'), ...ca);
  const authority = ['-subj', '/CN=Test TSA', '-keyout', 'tsa.key', '-out', 'tsa.pem'];
  const issuer = ['-CA', 'ca.pem', '-CAkey', 'ca.key'];
  await openssl(folder, 'req', '-x509', ...key, ...extensions('authority'), ...authority, ...issuer);
}

async function answerOf(folder: string, query: Buffer, fault: TsaFault | undefined): Promise<Buffer> {
  if (fault === 'garbage') return Buffer.from('<html>Welcome to our proxy</html>');
  if (fault === 'endless') return Buffer.alloc(1024 * 1024, 0x30);
  await writeFile(join(folder, 'query.tsq'), changed(query, fault));
  const section = fault === 'sha512_only' ? 'sha512_only' : 'tsa';
  const files = ['-queryfile', 'query.tsq', '-out', 'reply.tsr'];
  await openssl(folder, 'ts', '-reply', '-config', 'tsa.cnf', '-section', section, ...files);
  return readFile(join(folder, 'reply.tsr'));
}

// A query ends with the digest (32 bytes), the nonce (tag, length, 9 bytes) and certReq (3 bytes): RFC 3161 §2.4.1.
function changed(query: Buffer, fault: TsaFault | undefined): Buffer {
  const other = Buffer.from(query);
  if (fault === 'another_imprint') other[other.length - 3 - 11 - 1]! ^= 1;
  if (fault === 'another_nonce') other[other.length - 3 - 1]! ^= 1;
  // DER leaves out what is false by default.
  if (fault !== 'no_certificate') return other;
  other[1]! -= 3;
  return other.subarray(0, -3);
}
