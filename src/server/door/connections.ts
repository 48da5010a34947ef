import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  /** How many are open. */
  count(): number;
  /** Lets go of all that have no request under way, and from now on of each as soon as its last answer is out. */
  stop(): void;
}

/**
 * Keeps the number of a server's connections in bounds: beyond `most`, the one that has been idle longest goes. Where
 * all others are at work it is the new one, and `turnedAway` is told: nobody knows what it would have brought.
 */
export function limitConnections(server: Server, most: number, turnedAway: () => void): Connections {
  // In order of when they became idle.
  const idle = new Set<Socket>();
  const busy = new Map<Socket, number>();
  let stopping = false;

  server.on('connection', (socket: Socket) => {
    idle.add(socket);
    socket.once('close', () => {
      idle.delete(socket);
      busy.delete(socket);
    });
    if (idle.size + busy.size <= most) return;
    const longest = idle.values().next().value ?? socket;
    if (longest === socket) turnedAway();
    letGo(longest);
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket);
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (busy.get(socket) ?? 0) - 1;
      if (left > 0) return busy.set(socket, left);
      busy.delete(socket);
      if (socket.destroyed) return;
      if (stopping) return socket.destroySoon();
      idle.add(socket);
    });
  });

  function letGo(socket: Socket): void {
    idle.delete(socket);
    socket.destroy();
  }

  return {
    count: () => idle.size + busy.size,
    stop() {
      stopping = true;
      for (const socket of idle) letGo(socket);
    },
  };
}
