import type { SlackFact } from './facts.ts';

/** A refusal in Slack's way: HTTP 200, `ok: false` and a code. */
export class SlackError extends Error {
  readonly code: string;
  readonly fact: SlackFact;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(code: string, fact: SlackFact, more: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.code = code;
    this.fact = fact;
    this.more = more;
  }
}

/** A refusal because of a limit, with the seconds to wait. */
export class LimitError extends Error {
  readonly retryAfter: number;
  readonly fact: SlackFact;

  constructor(retryAfter: number, fact: SlackFact) {
    super('ratelimited');
    this.retryAfter = retryAfter;
    this.fact = fact;
  }
}

/** A successful answer. */
export interface Answer {
  readonly body: Readonly<Record<string, unknown>>;
  readonly fact: SlackFact;
}

/** The usual refusal. */
export function refuse(
  code: string,
  fact: SlackFact = 'slack 1 errors are HTTP 200 with ok false',
  messages?: readonly string[],
): SlackError {
  return new SlackError(code, fact, messages === undefined ? {} : { response_metadata: { messages } });
}

/** Says which scope is needed, and which there are. */
export function missingScope(needed: string, scopes: ReadonlySet<string>): SlackError {
  const more = { needed, provided: [...scopes].join(',') };
  return new SlackError('missing_scope', 'slack 1 missing_scope with needed and provided', more);
}
