import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  /** How many are open. */
  readonly count: () => number;
  /** Lets go of all that have no request under way, and of each of the others as soon as its last answer is out. */
  readonly stop: () => void;
}

/**
 * Keeps the number of a server's connections in bounds: beyond `most`, the one that has been idle longest goes. Where
 * all others are at work it is the new one, and `turnedAway` is told: nobody knows what it would have brought.
 */
export function limitConnections(server: Server, most: number, turnedAway: () => void): Connections {
  // Each with its last answer, in order of when that was begun. Whether it is out is asked only when somebody has to go:
  // this is on the way of every request.
  const open = new Map<Socket, ServerResponse | undefined>();

  server.on('connection', (socket: Socket) => {
    open.set(socket, undefined);
    socket.once('close', () => open.delete(socket));
    if (open.size <= most) return;
    const longest = longestIdle() ?? socket;
    if (longest === socket) turnedAway();
    letGo(longest);
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    open.delete(socket);
    open.set(socket, response);
  });

  function longestIdle(): Socket | undefined {
    for (const [socket, response] of open) if (isIdle(response)) return socket;
    return undefined;
  }

  function letGo(socket: Socket): void {
    open.delete(socket);
    socket.destroy();
  }

  return {
    count: () => open.size,
    stop() {
      for (const [socket, response] of open) {
        if (isIdle(response)) letGo(socket);
        else response?.once('close', () => socket.destroySoon());
      }
    },
  };
}

function isIdle(response: ServerResponse | undefined): boolean {
  return response === undefined || response.writableFinished;
}
