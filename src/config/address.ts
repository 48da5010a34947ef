import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { metaOf, type About } from './fields.ts';
import { evenIfWrong } from './rules.ts';

/** An address of a vendor or of ours: http or https, without credentials, query or fragment. No slash at its end. */
export function webAddress(about: About) {
  return z
    .string()
    .trim()
    .refine((text) => isHttp(text), { error: 'is not an address that begins with https://', abort: true })
    .refine((text) => !hasCredentials(text), {
      error: 'holds a user name or password',
      params: { hint: 'Leave it out of the address: secrets come from the environment' },
    })
    .refine((text) => !/[?#]/.test(text), {
      error: 'holds a query or a fragment',
      params: { hint: 'Leave out everything from the first ? or #' },
    })
    .meta(metaOf(about));
}

/** Whether plain HTTP may be used for the address beside it. */
export function allowHttp() {
  return z
    .boolean()
    .default(false)
    .meta({ description: 'Accepts an http:// address that is not on this machine. What is sent can then be read.' });
}

/** The rule of every section with an address: http only on this machine, unless it is allowed beside it. */
export function encrypted(key: 'url' | 'public_url' | 'issuer') {
  const check = (section: { url?: unknown; public_url?: unknown; issuer?: unknown; allow_http?: unknown }) =>
    !isForeignHttp(section[key]) || section.allow_http === true;
  const fault = {
    path: [key],
    error: 'is an http:// address of another machine',
    params: { hint: 'Write https://, or set allow_http: true beside it' },
    ...evenIfWrong,
  };
  return [check, fault] as const;
}

/** The address as everything else expects it. */
export function withoutSlash(address: string): string {
  return new URL(address).href.replace(/\/+$/, '');
}

function isHttp(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function hasCredentials(text: string): boolean {
  const { username, password } = new URL(text);
  return username !== '' || password !== '';
}

function isForeignHttp(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'http:' && !isLoopback(hostname);
}

/** True for the names and addresses of this machine. The URL parser has brought every spelling to one. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'))
  );
}
