import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { SandboxAnswer, VendorName } from './http.ts';

/** Ways in which a vendor can fail. Those that begin with `commit_then_` have done what they were asked to do. */
export const faultKinds = [
  'refuse', // 403, nothing happened
  'not_found', // 404, nothing happened
  'limit', // 429 with Retry-After, nothing happened
  'limit_bare', // 429 in plain text, without Retry-After
  'limit_text', // 429 in plain text, with Retry-After
  'error_500',
  'error_502',
  'error_503',
  'reset', // connection reset before anything happened
  'slow', // the right answer, late
  'altered', // the right answer, with fields set or taken away
  'wrong_type', // a proxy's HTML page with status 200, nothing happened
  'wrong_json', // JSON of another shape with status 200, nothing happened
  'commit_then_reset',
  'commit_then_500',
  'commit_then_silence', // never answers
  'commit_then_half', // the answer is cut in the middle
  'commit_then_cut', // a proxy ends the answer in the middle, and says that this is all of it
  'commit_then_wrong_type',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly vendor: VendorName;
  /** Part of the operation's name as the call log shows it, for instance `chat.postMessage` or `PUT /`; a `$` at the end fixes its end. */
  readonly operation: string;
  readonly kind: FaultKind;
  /** How many calls of the operation it lets pass first. */
  readonly skip?: number;
  /** How many calls it spoils; then it is over. */
  readonly times: number;
  /** Milliseconds, for `slow`; seconds for `limit` are rounded up from it. */
  readonly delayMs?: number;
  /**
   * Fields for `altered`, by their path, such as `approved_by.user.id`; of a list, they are those of each element. A
   * field set to undefined is taken away.
   */
  readonly set?: Readonly<Record<string, unknown>>;
}

export interface FaultContext {
  /** Does what was asked, and gives the true answer. */
  readonly run: () => Promise<SandboxAnswer>;
  readonly send: (answer: SandboxAnswer) => void;
  readonly log: (status: number, fact?: string) => void;
  /** The vendor's own wording of this failure. */
  readonly worded?: SandboxAnswer | undefined;
  readonly socket: Socket;
  readonly outgoing: ServerResponse;
}

export interface Faults {
  /** Milliseconds by which every answer comes late, as from a vendor far away. */
  latencyMs: number;
  add(fault: Omit<Fault, 'times'> & { times?: number }): void;
  clear(): void;
  list(): readonly Fault[];
  /** The fault that spoils this call, used up by one. */
  take(vendor: VendorName, operation: string): Fault | undefined;
  apply(fault: Fault, context: FaultContext): Promise<void>;
}

/** Faults that can be switched on by name while the sandbox runs. */
export function createFaults(): Faults {
  let active: { fault: Fault; left: number; skip: number }[] = [];

  return {
    latencyMs: 0,
    add(fault) {
      const whole = { times: 1, ...fault };
      active.push({ fault: whole, left: whole.times, skip: whole.skip ?? 0 });
    },
    clear() {
      active = [];
    },
    list: () => active.map(({ fault, left, skip }) => ({ ...fault, times: left, ...(skip > 0 ? { skip } : {}) })),
    take(vendor, operation) {
      const found = active.find(({ fault }) => fault.vendor === vendor && concerns(fault, operation));
      if (found === undefined) return undefined;
      if (found.skip > 0) {
        found.skip--;
        return undefined;
      }
      found.left--;
      if (found.left <= 0) active = active.filter((entry) => entry !== found);
      return found.fault;
    },
    apply: applyFault,
  };
}

function concerns(fault: Fault, operation: string): boolean {
  return fault.operation.endsWith('$')
    ? operation.endsWith(fault.operation.slice(0, -1))
    : operation.includes(fault.operation);
}

const page = '<!doctype html><title>Proxy</title><h1>Please try again</h1>';

async function applyFault(fault: Fault, context: FaultContext): Promise<void> {
  const { run, log, socket, outgoing, worded } = context;
  const send = (answer: SandboxAnswer): void => {
    context.send(worded === undefined || fault.kind === 'slow' ? answer : { fact: 'fault', ...worded });
  };
  switch (fault.kind) {
    case 'refuse':
      return send({ status: 403, body: { message: '403 Forbidden' }, fact: 'fault' });
    case 'not_found':
      return send({ status: 404, body: { message: '404 Not Found' }, fact: 'fault' });
    case 'limit':
      return send({
        status: 429,
        headers: { 'retry-after': retryAfter(fault) },
        body: { ok: false, error: 'ratelimited', message: 'Too many requests' },
        fact: 'fault',
      });
    case 'limit_bare':
      return send({ status: 429, headers: { 'content-type': 'text/plain' }, body: 'Retry later\n', fact: 'fault' });
    case 'limit_text':
      return send({
        status: 429,
        headers: { 'content-type': 'text/plain', 'retry-after': retryAfter(fault) },
        body: 'Retry later\n',
        fact: 'fault',
      });
    case 'error_500':
      return send({ status: 500, body: { message: 'Internal error' }, fact: 'fault' });
    case 'error_502':
      return send({ status: 502, headers: { 'content-type': 'text/html' }, body: page, fact: 'fault' });
    case 'error_503':
      return send({ status: 503, headers: { 'content-type': 'text/html' }, body: page, fact: 'fault' });
    case 'reset':
      log(0, 'fault');
      socket.destroy();
      return;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs ?? 1000));
      return send(await run());
    case 'altered': {
      const answer = await run();
      return send({ ...answer, body: withFields(answer.body, fault.set ?? {}), fact: 'fault' });
    }
    case 'commit_then_cut': {
      const answer = await run();
      const body = bytesOf(answer);
      return send({ ...answer, body: body.subarray(0, Math.floor(body.length / 2)), fact: 'fault' });
    }
    case 'wrong_type':
      return send({ status: 200, headers: { 'content-type': 'text/html' }, body: page, fact: 'fault' });
    case 'wrong_json':
      return send({ status: 200, body: { unexpected: ['shape'] }, fact: 'fault' });
    case 'commit_then_reset':
      await run();
      log(0, 'fault');
      socket.destroy();
      return;
    case 'commit_then_500':
      await run();
      return send({ status: 500, body: { message: 'Internal error' }, fact: 'fault' });
    case 'commit_then_silence':
      await run();
      log(0, 'fault');
      return; // the socket stays open until the client gives up
    case 'commit_then_half': {
      const answer = await run();
      log(answer.status, 'fault');
      const body = bytesOf(answer);
      outgoing.writeHead(answer.status, {
        'content-type': 'application/json',
        ...answer.headers,
        'content-length': String(body.length),
      });
      outgoing.write(body.subarray(0, Math.floor(body.length / 2)));
      setTimeout(() => socket.destroy(), 20);
      return;
    }
    case 'commit_then_wrong_type':
      await run();
      return send({ status: 200, headers: { 'content-type': 'text/html' }, body: page, fact: 'fault' });
  }
}

function bytesOf({ body }: SandboxAnswer): Buffer {
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  return Buffer.from(raw ? body : JSON.stringify(body ?? {}));
}

/** The same JSON, with fields by their paths set to other values. */
function withFields(body: unknown, fields: Readonly<Record<string, unknown>>): unknown {
  const altered: unknown = structuredClone(body);
  for (const [path, value] of Object.entries(fields)) setField(altered, path.split('.'), value);
  return altered;
}

function setField(at: unknown, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (Array.isArray(at)) for (const element of at) setField(element, [name, ...rest], value);
  else if (isObject(at) && rest.length > 0) setField(at[name], rest, value);
  else if (isObject(at)) at[name] = value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function retryAfter(fault: Fault): string {
  return String(Math.ceil((fault.delayMs ?? 1000) / 1000));
}
