import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Faults } from './faults.ts';

/** One request to a fake vendor, its body read whole. */
export interface SandboxRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface SandboxAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string or bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
  /** The fact of the vendor's documentation that this answer rests on, for the call log. */
  readonly fact?: string;
}

export type Handler = (request: SandboxRequest) => SandboxAnswer | Promise<SandboxAnswer>;

/** `'GET /projects/:id/merge_requests'` to its handler. A parameter takes one path segment, decoded. */
export type Routes = Readonly<Record<string, Handler>>;

/** One line of the call log: what was asked, and what a vendor answered. */
export interface Call {
  /** Grows by one from call to call, across all vendors. */
  readonly seq: number;
  readonly at: string;
  readonly vendor: VendorName;
  /** What the vendor calls it: a Slack method, GraphQL root fields, or `METHOD /route`. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly write: boolean;
  readonly fault?: string;
  readonly fact?: string;
}

export type VendorName = 'gitlab' | 'linear' | 'confluence' | 'slack' | 'model';

export interface VendorOptions {
  readonly vendor: VendorName;
  readonly routes: Routes;
  readonly faults: Faults;
  readonly calls: Call[];
  /** Names the operation, and says whether it writes; by default `METHOD /route`, and anything but GET writes. */
  readonly describe?: (request: SandboxRequest) => { operation: string; write: boolean } | undefined;
  /** Answers requests that no route takes. */
  readonly otherwise?: Handler;
  /** Headers on every answer, for instance rate-limit counters. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** How this vendor words a failure, where it has its own way; undefined leaves the general wording. */
  readonly wordFault?: (fault: Fault) => SandboxAnswer | undefined;
  readonly port?: number;
}

export interface RunningVendor {
  readonly url: string;
  close(): Promise<void>;
}

const largestBody = 30 * 1024 * 1024;
const longestCallLog = 50_000;

/** Runs one fake vendor on 127.0.0.1. Faults are applied here, so that every vendor can fail in every way. */
export async function serveVendor(options: VendorOptions): Promise<RunningVendor> {
  const compiled = Object.entries(options.routes).map(([route, handler]) => ({ route, handler, ...compile(route) }));

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'text/plain' });
      outgoing.end(`The sandbox itself failed: ${String(error)}`);
    });
  });

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = parseTarget(incoming.url ?? '/');
    const method = incoming.method ?? 'GET';
    const body = await readAll(incoming);
    if (url === undefined || body === undefined) {
      const status = url === undefined ? 400 : 413;
      outgoing.writeHead(status, { 'content-type': 'text/plain', connection: 'close' });
      outgoing.end(url === undefined ? 'Bad Request\n' : 'Payload Too Large\n');
      return;
    }
    const match = findRoute(compiled, method, url.pathname);
    const request: SandboxRequest = {
      method,
      path: url.pathname,
      params: match?.params ?? {},
      query: url.searchParams,
      headers: incoming.headers,
      body,
    };
    const described = options.describe?.(request) ?? {
      operation: match?.route ?? `${method} ${url.pathname}`,
      write: method !== 'GET' && method !== 'HEAD',
    };
    const handler = match?.handler ?? options.otherwise ?? notFound;
    const fault = options.faults.take(options.vendor, described.operation);

    const log = (status: number, fact?: string): void => {
      if (options.calls.length >= longestCallLog) options.calls.splice(0, longestCallLog / 2);
      options.calls.push({
        seq: (options.calls.at(-1)?.seq ?? 0) + 1,
        at: new Date().toISOString(),
        vendor: options.vendor,
        operation: described.operation,
        method,
        path: url.pathname + url.search,
        status,
        write: described.write,
        ...(fault === undefined ? {} : { fault: fault.kind }),
        ...(fact === undefined ? {} : { fact }),
      });
    };
    const send = (result: SandboxAnswer): void => {
      log(result.status, result.fact);
      const raw = typeof result.body === 'string' || Buffer.isBuffer(result.body);
      const payload = raw ? result.body : result.body === undefined ? '' : JSON.stringify(result.body);
      outgoing.writeHead(result.status, {
        ...(result.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers?.(),
        ...result.headers,
      });
      outgoing.end(payload);
    };

    if (options.faults.latencyMs > 0) await pause(options.faults.latencyMs);
    if (fault === undefined) {
      send(await handler(request));
      return;
    }
    await options.faults.apply(fault, {
      run: async () => handler(request),
      send,
      log,
      worded: options.wordFault?.(fault),
      socket: incoming.socket,
      outgoing,
    });
  }

  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function notFound(): SandboxAnswer {
  return { status: 404, body: { error: '404 Not Found' } };
}

interface Compiled {
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

function compile(route: string): Compiled {
  const [method = 'GET', path = '/'] = route.split(' ');
  const names: string[] = [];
  const source = path.replaceAll(/:([a-z_]+)/gi, (_whole, name: string) => {
    names.push(name);
    return '([^/]+)';
  });
  return { method, pattern: new RegExp(`^${source}$`), names };
}

function findRoute<T extends Compiled>(
  routes: readonly T[],
  method: string,
  path: string,
): (T & { params: Record<string, string> }) | undefined {
  for (const route of routes) {
    if (route.method !== method) continue;
    const found = route.pattern.exec(path);
    if (found === null) continue;
    const params = Object.fromEntries(route.names.map((name, index) => [name, safeDecode(found[index + 1] ?? '')]));
    return { ...route, params };
  }
  return undefined;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parseTarget(target: string): URL | undefined {
  const base = 'http://sandbox';
  // Two slashes at the start would be read as another host.
  const whole = target.startsWith('/') ? base + target : target;
  return URL.canParse(whole, base) ? new URL(whole, base) : undefined;
}

/** Undefined where the body is larger than any vendor takes. */
async function readAll(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
