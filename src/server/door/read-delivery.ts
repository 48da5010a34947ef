import type { IncomingHttpHeaders } from 'node:http';
import {
  changeEventKey,
  glimpseEvent,
  parseEvent,
  readJson,
  refusalByHeaders,
  verifyDelivery,
} from '../../connectors/gitlab/webhook.ts';
import { decide, type Filter } from '../../domain/filter.ts';
import { sift, type Arriving } from '../../workflow/receive.ts';
import { sha256 } from '../../workflow/sha256.ts';
import type { DoorCode } from '../errors.ts';

/** What is let in, and from where. */
export interface Intake {
  readonly instance: string;
  readonly secrets: { readonly signing: readonly string[]; readonly token: readonly string[] };
  readonly filter: Filter;
}

export type Delivered =
  | { readonly kind: 'refused'; readonly code: DoorCode; readonly where?: string }
  /** An authentic event that is not used. */
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'arriving'; readonly arriving: Arriving };

const json = /^application\/json *(;|$)/i;

/** Why a request is turned away without a look at its body; undefined where only that can tell. */
export function refuseByHead(headers: IncomingHttpHeaders, intake: Intake, largestBody: number): DoorCode | undefined {
  if (!json.test(headers['content-type'] ?? '')) return 'wrong_type';
  if (Number(headers['content-length'] ?? 0) > largestBody) return 'too_large';
  return refusalByHeaders(headers, intake.secrets);
}

/** Verifies a request over its raw bytes, and only then reads of them what it takes to decide. */
export function readDelivery(
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
  receivedAt: Date,
  { instance, secrets, filter }: Intake,
): Delivered {
  const verified = verifyDelivery({ headers, rawBody, secrets, now: receivedAt });
  if (!verified.ok) return { kind: 'refused', code: verified.code };

  const read = readJson(rawBody);
  if (!read.ok) return { kind: 'refused', code: read.code, where: read.where };
  // Most events are of merge requests that do not concern us, and a glance tells.
  const glimpse = glimpseEvent(read.body);
  if (glimpse !== undefined) {
    const decision = decide(glimpse, filter);
    if (decision.kind === 'ignored') return { kind: 'ignored', reason: decision.reason };
  }
  const parsed = parseEvent(rawBody, read);
  if (parsed.kind === 'other') return { kind: 'ignored', reason: 'event' };
  if (parsed.kind === 'invalid') return { kind: 'refused', code: parsed.code, where: parsed.where };

  const arriving = sift(
    {
      deliveryId: verified.deliveryId,
      authenticatedBy: verified.authenticatedBy,
      receivedAt,
      sha256: sha256(rawBody),
      body: compact(rawBody),
      instance,
      event: parsed.event,
      eventKey: changeEventKey(parsed.event),
    },
    filter,
  );
  return 'result' in arriving ? { kind: 'ignored', reason: arriving.reason } : { kind: 'arriving', arriving };
}

// What came in pieces is a small part of a large block of memory, all of which it would hold while it waits.
function compact(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength <= 2 * bytes.length) return bytes;
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}
