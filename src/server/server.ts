import helmet from '@fastify/helmet';
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply } from 'fastify';
import { doorCodeOf, refusal } from './errors.ts';
import { addHealthRoutes, type HealthParts } from './routes/health.ts';
import { addLogDocumentRoutes, type LogDocumentParts } from './routes/log-documents.ts';
import { addLogRoutes, type LogParts } from './routes/log.ts';
import { addRecordRoutes, type RecordParts } from './routes/records.ts';
import type { Connections } from './door/connections.ts';
import { createFrontDoor, type DoorState, type FrontDoorParts } from './door/front-door.ts';
import { createHttpServer } from './door/http-server.ts';
import { doorLimits, type DoorLimits } from './door/limits.ts';
import { createReadingRoom, type ReadingRoom } from './door/reading-room.ts';

export type ServerParts = FrontDoorParts &
  HealthParts &
  RecordParts & {
    readonly log: FastifyBaseLogger;
    readonly limits?: DoorLimits;
    /** Told of the room in which bodies are read, for whoever wants to know how much it holds. */
    readonly onRoom?: (room: ReadingRoom) => void;
    /** Null where the ledger is not served. */
    readonly ledger: (LogParts & LogDocumentParts) | null;
  };

/** Builds the app; it never listens. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const { limits = doorLimits } = parts;
  const state: DoorState = { limits, room: createReadingRoom(limits.readingBytes), closing: false };
  parts.onRoom?.(state.room);
  let connections: Connections | undefined;
  const app = fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: (others) => {
      const door = createHttpServer(createFrontDoor(parts, state), others, limits, () =>
        parts.missed(parts.now(), 'overloaded'),
      );
      connections = door.connections;
      return door.server;
    },
    bodyLimit: 64 * 1024,
    return503OnClosing: true,
    frameworkErrors: (_error, _request, reply: FastifyReply) => {
      const { status, body } = refusal('bad_request');
      void reply.code(status).send(body);
    },
  });
  // Whoever is not done sending is told so; a connection that brings nothing holds nobody up.
  app.addHook('preClose', (done) => {
    state.closing = true;
    state.room.clear();
    connections?.stop();
    done();
  });
  await app.register(helmet);

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
