import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** One address that leads to a database server, and can be switched over to another one. */
export interface SwitchOver {
  readonly port: number;
  /** Leads to the server whose socket this is; sessions that are open end, as when an address is taken over. */
  to(socket: string): void;
  close(): Promise<void>;
}

/** Listens on a port of this machine. */
export async function startSwitchOver(first: string): Promise<SwitchOver> {
  const sessions = new Set<Socket>();
  let target = first;
  const server = createServer((incoming) => {
    const outgoing = connect({ path: target });
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sessions.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sessions.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const cut = (): void => {
    for (const session of sessions) session.destroy();
  };
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    to(socket) {
      target = socket;
      cut();
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
