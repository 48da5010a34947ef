import type { ServerResponse } from 'node:http';
import { refusal, type DoorCode } from '../errors.ts';

/** An answer as it goes out. Most deliveries get one of a few, so these are made once. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly text: string;
}

/** Makes an answer of a body. */
export function answerOf(status: number, body: object): Answer {
  const text = JSON.stringify(body);
  const headers = [
    'content-type',
    'application/json; charset=utf-8',
    'content-length',
    String(Buffer.byteLength(text)),
    'x-content-type-options',
    'nosniff',
  ];
  return { status, headers, text };
}

const ready = new Map<string, Answer>();

/** The answer to an event that is not used; there are few reasons. */
export function ignored(reason: string): Answer {
  return remember(`ignored ${reason}`, () => answerOf(200, { result: 'ignored', reason }));
}

/** The answer for a code. */
export function refused(code: DoorCode, where?: string): Answer {
  if (where !== undefined) return fromRefusal(code, where);
  return remember(code, () => fromRefusal(code));
}

/** Sends an answer; after one that is `last`, the connection is closed. */
export function send(response: ServerResponse, { status, headers, text }: Answer, last = false): void {
  response.writeHead(status, last ? [...headers, 'connection', 'close'] : [...headers]);
  response.end(text);
}

function fromRefusal(code: DoorCode, where?: string): Answer {
  const { status, body } = refusal(code, where);
  return answerOf(status, body);
}

function remember(key: string, make: () => Answer): Answer {
  let answer = ready.get(key);
  if (answer === undefined) {
    answer = make();
    ready.set(key, answer);
  }
  return answer;
}
