import type { FastifyInstance } from 'fastify';
import { changeEventKey, parseEvent, verifyDelivery } from '../../connectors/gitlab/webhook.ts';
import type { Filter } from '../../domain/filter.ts';
import { sift, type Arriving, type Received } from '../../workflow/receive.ts';
import { sha256 } from '../../workflow/sha256.ts';
import { refusal } from '../errors.ts';
import type { Metrics } from '../metrics.ts';

/** What is let in, and from where. */
export interface Intake {
  readonly instance: string;
  readonly secrets: { readonly signing: readonly string[]; readonly token: readonly string[] };
  readonly filter: Filter;
}

export interface WebhookParts {
  /** Asked for every delivery: the configuration may have changed. */
  readonly intake: () => Intake;
  /** Makes an arrival durable. */
  readonly keep: (arriving: Arriving) => Promise<Received>;
  readonly now: () => Date;
  readonly metrics: Metrics;
}

/** GitLab sends at most 25 MB. */
const largestBody = 26 * 1024 * 1024;

/**
 * The front door: verify over the raw bytes, parse what we use, decide, commit, answer. GitLab counts every refusal
 * against the hook and does not send again, so an authentic event that we do not use is 200 `ignored`.
 */
export function addWebhookRoutes(app: FastifyInstance, parts: WebhookParts): void {
  app.post('/webhooks/gitlab', { bodyLimit: largestBody }, async (request, reply) => {
    const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const receivedAt = parts.now();
    const { instance, secrets, filter } = parts.intake();
    const verified = verifyDelivery({ headers: request.headers, rawBody, secrets, now: receivedAt });
    if (!verified.ok) return refuse(refusal(verified.code));

    const parsed = parseEvent(rawBody);
    if (parsed.kind === 'invalid') return refuse(refusal(parsed.code, parsed.where));
    if (parsed.kind === 'other') return answer({ result: 'ignored', reason: 'event' });

    const arriving = sift(
      {
        deliveryId: verified.deliveryId,
        authenticatedBy: verified.authenticatedBy,
        receivedAt,
        sha256: sha256(rawBody),
        body: rawBody,
        instance,
        event: parsed.event,
        eventKey: changeEventKey(parsed.event),
      },
      filter,
    );
    return answer('result' in arriving ? arriving : await parts.keep(arriving));

    function answer(received: Received) {
      parts.metrics.webhooks.inc({ result: received.result });
      return reply.send(received);
    }
    function refuse({ status, body }: ReturnType<typeof refusal>) {
      parts.metrics.webhooks.inc({ result: body.error });
      return reply.code(status).send(body);
    }
  });
}
