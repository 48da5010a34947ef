import { isConnectorError, type ConnectorError } from '../../connectors/errors.ts';

export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ConnectorError };

/** What a question to a vendor came to; faults of our own are thrown on. */
export async function attempt<T>(question: Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await question };
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    return { ok: false, error };
  }
}

/** True for what may be another answer in a minute, and says nothing about the set-up. */
export function isPassing({ code }: ConnectorError): boolean {
  return ['timeout', 'lost', 'server_error', 'rate_limited'].includes(code);
}

/** What to do about something that may pass. */
export function tryAgain({ retryAfterSeconds }: ConnectorError): string {
  return retryAfterSeconds === undefined ? 'Try again in a minute' : `Try again in ${retryAfterSeconds} s`;
}
