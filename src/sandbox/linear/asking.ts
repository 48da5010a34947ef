import { createFaults, type Faults } from '../faults.ts';
import type { Call } from '../http.ts';
import { startLinear, type FakeLinear, type LinearOptions } from './linear.ts';

/** An answer as it came over the wire, and its parts. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read whatever they asked for
  readonly data: any;
  readonly errors: readonly { message: string; path?: unknown[]; extensions: Readonly<Record<string, unknown>> }[];
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Asking {
  readonly linear: FakeLinear;
  readonly faults: Faults;
  readonly calls: Call[];
  /** Asks with the API key, unless an `Authorization` header is given. */
  readonly ask: (
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    authorization?: string,
  ) => Promise<Answered>;
}

/** A fake Linear and a client of no particular make, for contract tests. */
export async function startAsking(options: Omit<Partial<LinearOptions>, 'faults' | 'calls'> = {}): Promise<Asking> {
  const faults = createFaults();
  const calls: Call[] = [];
  const linear = await startLinear({ ...options, faults, calls });
  return {
    linear,
    faults,
    calls,
    async ask(query, variables = {}, authorization = linear.apiKey) {
      const response = await fetch(linear.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query, variables }),
      });
      const body = (await response.json()) as Answered['body'];
      return {
        status: response.status,
        headers: response.headers,
        data: body['data'],
        errors: (body['errors'] ?? []) as Answered['errors'],
        body,
      };
    },
  };
}
