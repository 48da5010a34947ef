import { createFaults, type Faults } from '../faults.ts';
import type { Call } from '../http.ts';
import { startSlack, type FakeSlack, type SlackOptions } from './slack.ts';

/** An answer as it came over the wire. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read whatever they asked for
  readonly body: any;
}

type Given = Readonly<Record<string, unknown>>;

export interface Calling {
  readonly slack: FakeSlack;
  readonly faults: Faults;
  readonly calls: Call[];
  /** Calls with a form, structures as JSON strings, as the official client does. */
  readonly call: (method: string, given?: Given, authorization?: string) => Promise<Answered>;
  readonly callJson: (method: string, given: Given) => Promise<Answered>;
}

/** A fake Slack and a client of no particular make, for contract tests. */
export async function startCalling(options: Omit<Partial<SlackOptions>, 'faults' | 'calls'> = {}): Promise<Calling> {
  const faults = createFaults();
  const calls: Call[] = [];
  const slack = await startSlack({ ...options, faults, calls });

  async function send(method: string, init: RequestInit): Promise<Answered> {
    const response = await fetch(slack.url + method, { method: 'POST', ...init });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }
  return {
    slack,
    faults,
    calls,
    call: (method, given = {}, authorization = `Bearer ${slack.botToken}`) => {
      const fields = Object.entries(given).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]);
      return send(method, { headers: { authorization }, body: new URLSearchParams(Object.fromEntries(fields)) });
    },
    callJson: (method, given) =>
      send(method, {
        headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(given),
      }),
  };
}
