import { once } from 'node:events';
import { createServer } from 'node:net';
import { z } from 'zod';
import { isLoopback } from '../../config/address.ts';
import { isConnectorError } from '../../connectors/errors.ts';
import { createHttp, parseJson } from '../../connectors/http.ts';
import { codeOf } from '../../storage/errors.ts';
import { failure, fine, warning, type Check } from '../check.ts';

interface Asking {
  readonly now?: () => Date;
  readonly timeoutMs?: number;
}

const publicUrlId = 'own.public_url';
const listenId = 'own.listen';

/** Whether GitLab can reach Countersign where the configuration says. */
export async function checkPublicUrl({
  publicUrl,
  ...asking
}: Asking & { readonly publicUrl: string }): Promise<Check[]> {
  const { protocol, hostname } = new URL(publicUrl);
  if (isLoopback(hostname)) {
    const message = `The public address ${publicUrl} is this machine's own: only a GitLab on the same machine can reach it, and links lead nowhere for others`;
    return [
      warning(
        publicUrlId,
        message,
        'Set server.public_url to the https:// address at which GitLab reaches this machine',
      ),
    ];
  }
  if (protocol === 'http:') {
    const message = `The public address ${publicUrl} is not encrypted: whoever is on the way reads and changes what GitLab sends`;
    return [
      warning(
        publicUrlId,
        message,
        'Put a proxy with a certificate before Countersign, and set server.public_url to its https:// address',
      ),
    ];
  }
  return [judgePublicUrl(await whoAnswers(publicUrl, asking), publicUrl)];
}

/** What an answer at the public address, or none, comes to. */
export function judgePublicUrl(answer: Answerer, publicUrl: string): Check {
  switch (answer) {
    case 'countersign':
      return fine(publicUrlId, `Countersign answers at ${publicUrl}`);
    case 'nobody': {
      const message = `Nothing answers at ${publicUrl}: without it no event of GitLab arrives, unless only this machine cannot reach it`;
      return warning(
        publicUrlId,
        message,
        'Start the service (countersign serve), and let the proxy, DNS and firewall lead there',
      );
    }
    case 'somebody_else': {
      const message = `Something other than Countersign answers at ${publicUrl}/healthz: events of GitLab arrive there`;
      return warning(
        publicUrlId,
        message,
        'Let the proxy lead to the address of server.listen, with all paths, or correct server.public_url',
      );
    }
  }
}

/** Whether the port is free, or ours already. */
export async function checkListen({
  listen: { host, port },
  ...asking
}: Asking & { readonly listen: { readonly host: string; readonly port: number } }): Promise<Check[]> {
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const code = await tryListen(host, port);
  switch (code) {
    case undefined:
      return [fine(listenId, `The address ${where} is free`)];
    case 'EADDRINUSE': {
      const answer = await whoAnswers(`http://${reachableHost(host)}:${port}`, asking);
      if (answer === 'countersign') return [fine(listenId, `Countersign listens on ${where}`)];
      const message = `Something other than Countersign listens on ${where}: the service does not start`;
      return [
        failure(
          listenId,
          message,
          `Stop it (ss -ltnp sport = :${port} names it), or choose another port in server.listen`,
        ),
      ];
    }
    case 'EACCES': {
      const message = `This user may not listen on ${where}: ports below 1024 are kept for administrators`;
      return [failure(listenId, message, 'Choose a port from 1024 up in server.listen, and let a proxy lead there')];
    }
    default: {
      const message = `This machine cannot listen on ${where} (${code}): the service does not start`;
      return [
        failure(
          listenId,
          message,
          'Set server.listen to an address of this machine, such as 127.0.0.1:8080 or 0.0.0.0:8080',
        ),
      ];
    }
  }
}

async function tryListen(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return codeOf(error) ?? 'unknown';
  } finally {
    server.close();
  }
}

// Who listens everywhere is asked here.
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

export type Answerer = 'countersign' | 'somebody_else' | 'nobody';

const Health = z.strictObject({ status: z.literal('ok') });

/** Who answers below an address, as its health tells. */
export async function whoAnswers(address: string, { now, timeoutMs = 5_000 }: Asking): Promise<Answerer> {
  const http = createHttp({ vendor: 'log', timeoutMs, maxBytes: 100_000, ...(now === undefined ? {} : { now }) });
  try {
    const answer = await http({ url: `${address}/healthz`, headers: { accept: 'application/json' } });
    // What a proxy says where it finds nothing behind it.
    if ([502, 503, 504].includes(answer.status)) return 'nobody';
    if (answer.status !== 200) return 'somebody_else';
    parseJson('log', Health, answer);
    return 'countersign';
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    return ['bad_response', 'refused'].includes(error.code) ? 'somebody_else' : 'nobody';
  }
}
