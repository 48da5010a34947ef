import { createServer, type Server } from 'node:http';
import { limitConnections, type Connections } from './connections.ts';
import type { Handler } from './front-door.ts';
import type { DoorLimits } from './limits.ts';

const path = '/webhooks/gitlab';

/**
 * A server whose front door comes before everything else: deliveries are by far the most of what comes in, and do not
 * need a framework. All other requests go to `others`.
 */
export function createHttpServer(
  frontDoor: Handler,
  others: Handler,
  limits: DoorLimits,
  turnedAway: () => void,
): { readonly server: Server; readonly connections: Connections } {
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.lookEveryMs,
      keepAliveTimeout: limits.idleMs,
      // A sender whose machine is gone says no goodbye.
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
      noDelay: true,
    },
    (request, response) => {
      const { method, url = '' } = request;
      const isDelivery = method === 'POST' && (url === path || url.startsWith(`${path}?`));
      (isDelivery ? frontDoor : others)(request, response);
    },
  );
  server.setTimeout(limits.requestMs);
  return { server, connections: limitConnections(server, limits.connections, turnedAway) };
}
