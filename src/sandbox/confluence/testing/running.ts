import { createFaults, type Faults } from '../../faults.ts';
import type { Call } from '../../http.ts';
import { startConfluence, type ConfluenceOptions, type FakeConfluence } from '../confluence.ts';

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; undefined where it is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks at members that it expects
  readonly json: any;
}

export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

export interface Running {
  readonly fake: FakeConfluence;
  readonly faults: Faults;
  readonly calls: Call[];
  /** Asks below `url` with the credential that belongs there. */
  readonly ask: Ask;
}

/** Starts a fake with one space, `SEC`, and asks it over HTTP. */
export async function running(options: Omit<ConfluenceOptions, 'faults' | 'calls'> = {}): Promise<Running> {
  const faults = createFaults();
  const calls: Call[] = [];
  const fake = await startConfluence({ faults, calls, ...options });
  fake.createSpace({ key: 'SEC', name: 'Security' });
  const credential = fake.flavour === 'cloud' ? basic(fake.email, fake.apiToken) : `Bearer ${fake.personalAccessToken}`;
  return { fake, faults, calls, ask: asker(fake.url, credential) };
}

/** Asks below an address with a credential. */
export function asker(url: string, authorization: string): Ask {
  return async (method, path, body, headers = {}) => {
    const typed = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(url + path, {
      method,
      headers: { authorization, ...typed, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parse(text) };
  };
}

/** A credential for HTTP Basic. */
export function basic(email: string, token: string): string {
  return `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`;
}

/** A complete update of a page on Cloud. */
export function update(id: string, title: string, number: number, value: string): Record<string, unknown> {
  return {
    id,
    status: 'current',
    title,
    body: { representation: 'storage', value },
    version: { number, message: `version ${number}` },
  };
}

/** The statuses of answers that came in any order. */
export function statusesOf(answers: readonly Answer[]): number[] {
  return answers.map(({ status }) => status).toSorted((left, right) => left - right);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
