import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import { metaOf } from './fields.ts';

/** Where the server listens. */
export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, with an IPv6 host in brackets. */
export function listenAddress() {
  return z
    .string()
    .trim()
    .refine((text) => parseListen(text) !== undefined, {
      error: 'is not a host and a port',
      params: { hint: 'Write host:port, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080' },
    })
    .meta(
      metaOf({
        description: 'Host and port to listen on; an IPv6 host stands in brackets.',
        examples: ['127.0.0.1:8080', '0.0.0.0:8080', '[::1]:8080'],
      }),
    )
    .default('127.0.0.1:8080');
}

/** Reads `host:port`; undefined where it is none. */
export function parseListen(text: string): Listen | undefined {
  const [, six, other, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? other;
  const port = Number(digits);
  if (host === undefined || port > 65_535) return undefined;
  if (six !== undefined) return isIPv6(host) ? { host, port } : undefined;
  return isIPv4(host) || isHostName(host) ? { host, port } : undefined;
}

// A name ends in something other than a number, or it would be a broken IPv4 address.
function isHostName(host: string): boolean {
  return /^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z]([a-z0-9_-]*[a-z0-9])?\.?$/i.test(host);
}
