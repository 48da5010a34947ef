import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { MergeRequestEvent } from '../../domain/event.ts';
import { readable } from '../../domain/text.ts';
import { eventOf, MergeRequestHook } from './hook.ts';
export { glimpseEvent } from './glimpse.ts';
import { nestsDeeperThan } from './nesting.ts';
import { isOneOf, isSignedBy } from './signature.ts';

export interface WebhookSecrets {
  /** `whsec_…`, from GitLab 19.0 on. Several may be valid at once. */
  readonly signing: readonly string[];
  /** Plain secret tokens of older servers; they count only where no signing token is set. */
  readonly token: readonly string[];
}

export interface DeliveryToVerify {
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawBody: Buffer;
  readonly secrets: WebhookSecrets;
  readonly now: Date;
  readonly toleranceSeconds?: number;
}

export type VerifiedDelivery =
  | {
      readonly ok: true;
      /** The same when GitLab sends the same delivery again; null on servers before 17.4. */
      readonly deliveryId: string | null;
      readonly authenticatedBy: 'signing_token' | 'secret_token';
      /** When GitLab sent it; only a signed delivery says so. */
      readonly sentAt: string | null;
    }
  | { readonly ok: false; readonly code: DeliveryRefusal };

export type DeliveryRefusal =
  | 'signature_missing'
  | 'signature_invalid'
  | 'timestamp_missing'
  | 'timestamp_outside_window'
  | 'token_missing'
  | 'token_invalid';

/** Why a delivery is turned away whatever its body is: a check that costs nothing. */
export function refusalByHeaders(
  headers: DeliveryToVerify['headers'],
  secrets: WebhookSecrets,
): DeliveryRefusal | undefined {
  if (secrets.signing.length === 0) return tokenRefusal(headers, secrets);
  if (headerOf(headers, 'webhook-signature') === '') return 'signature_missing';
  return isTimestamp(headerOf(headers, 'webhook-timestamp')) ? undefined : 'timestamp_missing';
}

/**
 * Decides over the raw bytes whether a delivery comes from GitLab. Where a signing token is set, only a signature
 * counts: a plain token beside it could be replayed by whoever has seen one request.
 */
export function verifyDelivery(delivery: DeliveryToVerify): VerifiedDelivery {
  return delivery.secrets.signing.length > 0 ? verifySignature(delivery) : verifyToken(delivery);
}

function verifySignature({
  headers,
  rawBody,
  secrets,
  now,
  toleranceSeconds = 300,
}: DeliveryToVerify): VerifiedDelivery {
  const signature = headerOf(headers, 'webhook-signature');
  if (signature === '') return { ok: false, code: 'signature_missing' };
  const timestamp = headerOf(headers, 'webhook-timestamp');
  if (!isTimestamp(timestamp)) return { ok: false, code: 'timestamp_missing' };
  const id = headerOf(headers, 'webhook-id');
  if (id === '' || !isSignedBy(secrets.signing, signature, { id, timestamp, rawBody })) {
    return { ok: false, code: 'signature_invalid' };
  }
  // Only now does the time say something: it is GitLab's, and late or early by our clock.
  const sentAt = Number(timestamp) * 1000;
  if (Math.abs(now.getTime() - sentAt) > toleranceSeconds * 1000)
    return { ok: false, code: 'timestamp_outside_window' };
  return {
    ok: true,
    deliveryId: printable(id),
    authenticatedBy: 'signing_token',
    sentAt: new Date(sentAt).toISOString(),
  };
}

function verifyToken({ headers, secrets }: DeliveryToVerify): VerifiedDelivery {
  const code = tokenRefusal(headers, secrets);
  if (code !== undefined) return { ok: false, code };
  const id = headerOf(headers, 'webhook-id') || headerOf(headers, 'idempotency-key');
  return { ok: true, deliveryId: printable(id), authenticatedBy: 'secret_token', sentAt: null };
}

function tokenRefusal(
  headers: DeliveryToVerify['headers'],
  secrets: WebhookSecrets,
): 'token_missing' | 'token_invalid' | undefined {
  const token = headerOf(headers, 'x-gitlab-token');
  if (token === '') return 'token_missing';
  return isOneOf(secrets.token, token) ? undefined : 'token_invalid';
}

function isTimestamp(text: string): boolean {
  return /^\d{1,12}$/.test(text);
}

// GitLab's ids are UUIDs; what is kept is bounded all the same.
function printable(id: string): string | null {
  return /^[\x21-\x7e]{1,200}$/.test(id) ? id : null;
}

// A header that came several times counts as one text, as Node joins it: no single value of it is picked.
function headerOf(headers: DeliveryToVerify['headers'], name: string): string {
  const value = headers[name] ?? '';
  return (typeof value === 'string' ? value : value.join(', ')).trim();
}

export type ParsedEvent =
  | { readonly kind: 'merge_request'; readonly event: MergeRequestEvent }
  /** An authentic event of another kind, or of another hook. */
  | { readonly kind: 'other'; readonly what: string }
  | { readonly kind: 'invalid'; readonly code: 'not_json' | 'wrong_shape'; readonly where: string };

const deepestNesting = 64;

const anything = z.unknown().optional();

const Envelope = z.object({ object_kind: anything, event_type: anything, event_name: anything });

export type ReadJson =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly code: 'not_json' | 'wrong_shape'; readonly where: string };

/**
 * Reads what a verified body says, where its JSON was read already, of that. Never throws: whatever it cannot read is a
 * coded refusal.
 */
export function parseEvent(rawBody: Buffer, read: ReadJson = readJson(rawBody)): ParsedEvent {
  if (!read.ok) return { kind: 'invalid', code: read.code, where: read.where };
  return isDeep(rawBody) ? { kind: 'invalid', ...tooDeep } : parseBody(read.body);
}

/** The JSON of a verified body, unless it is so large that brackets without end would cost something. */
export function readJson(rawBody: Buffer): ReadJson {
  if (rawBody.length > smallBody && isDeep(rawBody)) return { ok: false, ...tooDeep };
  try {
    return { ok: true, body: JSON.parse(rawBody.toString('utf8')) };
  } catch {
    return { ok: false, code: 'not_json', where: 'body' };
  }
}

const tooDeep = { code: 'wrong_shape', where: 'nesting' } as const;

// So many brackets, should there be nothing else, are read in no time.
const smallBody = 64 * 1024;

function isDeep(rawBody: Buffer): boolean {
  return nestsDeeperThan(deepestNesting, rawBody);
}

function parseBody(body: unknown): ParsedEvent {
  const envelope = Envelope.safeParse(body);
  if (!envelope.success) return { kind: 'invalid', code: 'wrong_shape', where: 'body' };
  // The oldest payloads have `object_kind` alone; events of system hooks that concern no object have `event_name` alone.
  const { object_kind, event_type, event_name } = envelope.data;
  const kind = [object_kind, event_type, event_name].find((name) => typeof name === 'string' && name !== '');
  if (typeof kind !== 'string') return { kind: 'invalid', code: 'wrong_shape', where: 'object_kind' };
  if (kind !== 'merge_request') return { kind: 'other', what: readable(kind, 100) };

  const hook = MergeRequestHook.safeParse(body);
  if (!hook.success) {
    return { kind: 'invalid', code: 'wrong_shape', where: hook.error.issues[0]?.path.join('.') ?? 'body' };
  }
  const event = eventOf(hook.data);
  return 'missing' in event
    ? { kind: 'invalid', code: 'wrong_shape', where: event.missing }
    : { kind: 'merge_request', event };
}

/**
 * A text by which the same event is recognised when several hooks deliver it, or GitLab sends it again.
 *
 * GitLab builds the data of an event once and hands it to every hook of the project, its groups and the instance, so
 * the same event gives the same key. The key covers everything that tells one event from another: two events that
 * share it, say the same about the same moment, and the second adds nothing. Where an old system hook shows less of
 * the event than a project hook, the keys differ and the journal holds both; that is harmless, losing one is not.
 * The parts are listed here one by one, so that a field added to the event later changes no key.
 */
export function changeEventKey(event: MergeRequestEvent): string {
  const said = JSON.stringify([
    event.project.id,
    event.iid,
    event.action,
    event.state,
    event.user?.id ?? null,
    event.actionedAt,
    event.updatedAt,
    event.headSha,
    event.oldRev,
    event.mergeCommitSha,
    event.system,
    event.systemAction,
    event.labels.toSorted(),
    event.previousLabels?.toSorted() ?? null,
    event.reviewers.map(({ id, state }) => `${id} ${state}`).toSorted(),
    event.title,
    event.description,
    event.sourceBranch,
    event.targetBranch,
  ]);
  const at = event.actionedAt ?? event.updatedAt ?? 'undated';
  return `${event.action.slice(0, 32).toWellFormed()} ${at} ${createHash('sha256').update(said).digest('hex').slice(0, 32)}`;
}
