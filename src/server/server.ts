import helmet from '@fastify/helmet';
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply } from 'fastify';
import { doorCodeOf, refusal } from './errors.ts';
import { addHealthRoutes, type HealthParts } from './routes/health.ts';
import { addLogDocumentRoutes, type LogDocumentParts } from './routes/log-documents.ts';
import { addLogRoutes, type LogParts } from './routes/log.ts';
import { addRecordRoutes, type RecordParts } from './routes/records.ts';
import { addWebhookRoutes, type WebhookParts } from './routes/webhooks.ts';

export type ServerParts = WebhookParts &
  HealthParts &
  RecordParts & {
    readonly log: FastifyBaseLogger;
    /** Null where the ledger is not served. */
    readonly ledger: (LogParts & LogDocumentParts) | null;
  };

/** Builds the app; it never listens. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    // A client that does not finish its request is let go of.
    connectionTimeout: 30_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    bodyLimit: 64 * 1024,
    return503OnClosing: true,
    frameworkErrors: (_error, _request, reply: FastifyReply) => {
      const { status, body } = refusal('bad_request');
      void reply.code(status).send(body);
    },
  });
  await app.register(helmet);

  // Signatures are over the raw bytes, so bodies are handed on as they came.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  addWebhookRoutes(app, parts);
  addHealthRoutes(app, parts);
  addRecordRoutes(app, parts);
  if (parts.ledger !== null) {
    addLogRoutes(app, parts.ledger);
    addLogDocumentRoutes(app, parts.ledger);
  }

  app.setNotFoundHandler((_request, reply) => {
    const { status, body } = refusal('not_found');
    return reply.code(status).send(body);
  });
  app.setErrorHandler((error: { code?: string; statusCode?: number }, request, reply) => {
    const { status, body } = refusal(doorCodeOf(error));
    if (status >= 500) request.log.error({ err: error }, 'A request failed');
    return reply.code(status).send(body);
  });
  return app;
}
