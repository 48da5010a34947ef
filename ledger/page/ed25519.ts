import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;

// A table of multiples makes a key some eight times faster and takes about a megabyte. A log has few keys.
const windowSize = 8;
const mostTables = 8;
const tables = new Map<string, Point | undefined>();

/**
 * Ed25519 (RFC 8032 §5.1.7), as strict as OpenSSL: `[S]B = R + [k]A` without the cofactor, no encoding but the canonical
 * one, `S` below the order; and no key of small order, under which one signature can be that of many messages. False for
 * whatever is wrong, never an exception.
 */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = keyOf(publicKey);
  const s = numberOf(signature.subarray(32));
  if (key === undefined || s >= Point.Fn.ORDER) return false;
  const r = signature.subarray(0, 32);
  const k = Point.Fn.create(numberOf(sha512.create().update(r).update(publicKey).update(message).digest()));
  // Nothing here is secret, so it need not take the same time whatever the numbers are.
  const expected = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k)).toBytes();
  return expected.every((byte, at) => byte === r[at]);
}

function keyOf(publicKey: Uint8Array): Point | undefined {
  const name = publicKey.join();
  if (tables.has(name)) return tables.get(name);
  const key = decode(publicKey);
  const [oldest] = tables.keys();
  if (tables.size >= mostTables && oldest !== undefined) tables.delete(oldest);
  tables.set(name, key);
  return key;
}

function decode(publicKey: Uint8Array): Point | undefined {
  try {
    const point = Point.fromBytes(publicKey, false);
    return point.isSmallOrder() ? undefined : point.precompute(windowSize);
  } catch {
    return undefined;
  }
}

// RFC 8032 §5.1.3: numbers are little-endian.
function numberOf(bytes: Uint8Array): bigint {
  const hex = Array.from(bytes.toReversed(), (byte) => byte.toString(16).padStart(2, '0'));
  return BigInt(`0x${hex.join('')}`);
}
