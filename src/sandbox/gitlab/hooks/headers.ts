import { randomUUID } from 'node:crypto';
import { hasSince, shaOf, type World } from '../world.ts';
import type { Hook } from './model.ts';
import { signDelivery } from './signature.ts';

export interface Envelope {
  readonly idempotencyKey: string;
  readonly eventHeader: string;
  readonly eventUuid: string;
  readonly timestamp: number;
  readonly body: string;
}

/** The headers of one delivery, as a server of this version sends them. */
export function headersFor(world: World, hook: Hook, envelope: Envelope): Record<string, string> {
  const { idempotencyKey, eventHeader, eventUuid, timestamp, body } = envelope;
  const { switches } = world;
  const signs = hook.signingToken !== null && hasSince(world, '19.0');
  const standard = hasSince(world, '19.0') && (signs || switches.webhookIdWithoutSigning);
  const uuid = switches.webhookUuidPerDelivery ? randomUUID() : uuidOf(`hook ${hook.id}`);
  return {
    // Custom headers cannot take the place of those below.
    ...Object.fromEntries(hook.customHeaders),
    'Content-Type': 'application/json',
    'User-Agent': `GitLab/${world.version}`,
    'X-Gitlab-Event': eventHeader,
    ...(hasSince(world, '16.2') ? { 'X-Gitlab-Webhook-UUID': uuid } : {}),
    ...(switches.instanceHeaderSent && hasSince(world, '15.0') ? { 'X-Gitlab-Instance': world.origin } : {}),
    'X-Gitlab-Event-UUID': eventUuid,
    ...(hasSince(world, '17.4') ? { 'Idempotency-Key': idempotencyKey } : {}),
    ...(hook.token === null ? {} : { 'X-Gitlab-Token': hook.token }),
    ...(standard ? { 'webhook-id': idempotencyKey, 'webhook-timestamp': String(timestamp) } : {}),
    ...(signs ? { 'webhook-signature': signDelivery(hook.signingToken ?? '', idempotencyKey, timestamp, body) } : {}),
  };
}

function uuidOf(text: string): string {
  return shaOf(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
