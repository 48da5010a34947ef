import { isConnectorError, type ConnectorErrorCode } from '../../connectors/errors.ts';
import type { Checked } from './asker.ts';

/** Runs a check against a vendor: what the vendor says against an answer is something wrong with the answer. */
export async function checked<T>(check: () => Promise<Checked<T>>): Promise<Checked<T>> {
  try {
    return await check();
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    return { ok: false, problem: `${error.message.replace(/\.$/, '')}. ${advice[error.code]}` };
  }
}

/** An answer that holds. */
export function good<T>(value: T, note?: string): Checked<T> {
  return note === undefined ? { ok: true, value } : { ok: true, value, note };
}

/** An answer that does not. */
export function bad<T>(problem: string): Checked<T> {
  return { ok: false, problem };
}

const again = 'Try again in a moment';
const advice: Readonly<Record<ConnectorErrorCode, string>> = {
  unreachable: 'Is the address right, and may this machine connect to it?',
  timeout: again,
  lost: again,
  server_error: again,
  bad_response: 'Is it the right address, with its path prefix? A proxy or a sign-in page may have answered',
  rate_limited: again,
  conflict: again,
  unauthorized: 'Was it copied whole, and is it still valid?',
  forbidden: 'It lacks a scope or a role; they are named above',
  not_found: 'It is not there, or hidden from this credential',
  too_large: again,
  refused: 'See what it says, and try another answer',
  ambiguous: 'Choose one',
  read_only: 'It was asked for by something that may only read',
  unsuitable: 'Choose another one',
};

/** A list as it is typed: entries with commas between them. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** An address for a question about one; undefined where it is none, or would be read by others on its way. */
export function addressOf(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const here = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && here) ? url : undefined;
}

/** An address without a slash at its end, and without anything after its path. */
export function plainly({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

/** The host of an address, where it is another than that of the address in the file. */
export function newHostOf(address: string, before: string | undefined): string | undefined {
  if (before === undefined) return undefined;
  const to = new URL(address);
  return URL.canParse(before) && new URL(before).origin === to.origin ? undefined : to.host;
}

/** What is wrong with a text that `addressOf` does not take. */
export const notAnAddress = 'That is no https:// address (http:// only for this machine). Copy it from the browser';
