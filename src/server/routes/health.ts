import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../metrics.ts';

export interface HealthParts {
  /** True when the database answers and is migrated. */
  readonly isReady: () => Promise<boolean>;
  readonly metrics: Metrics;
}

/** Alive, ready, and how it is doing. */
export function addHealthRoutes(app: FastifyInstance, parts: HealthParts): void {
  app.get('/healthz', async () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const ready = await parts.isReady().catch(() => false);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'database unreachable or not migrated' });
  });

  app.get('/metrics', async (_request, reply) => {
    const text = await parts.metrics.registry.metrics();
    return reply.type(parts.metrics.registry.contentType).send(text);
  });
}
