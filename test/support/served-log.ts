import { createServer, type ServerResponse } from 'node:http';
import type { Files } from './pack-builder.ts';

/** Answers a path below `/log/` in another way; false where it leaves that to the log. */
export type Answering = (path: string, response: ServerResponse) => boolean;

export interface ServedLog {
  readonly address: string;
  close(): Promise<void>;
}

/** The log of a pack, served as a Countersign serves its own. Key statements are the entries that are named. */
export async function serveLog(
  files: Files,
  { keyEntries, answer = () => false }: { readonly keyEntries: readonly number[]; readonly answer?: Answering },
): Promise<ServedLog> {
  const text = (name: string): Buffer => Buffer.from(files.get(name)!);
  const keys = keyEntries.map((index) => {
    const stem = `statements/${String(index).padStart(9, '0')}`;
    return {
      index,
      leaf: text(`${stem}.leaf.json`).toString('base64'),
      envelope: text(`${stem}.envelope.json`).toString('base64'),
      salt: text(`${stem}.salt`).toString().trim(),
    };
  });
  const bodyOf = (path: string): Uint8Array | undefined => {
    if (path === 'keys') return Buffer.from(JSON.stringify(keys));
    if (path === 'sealed/0') return Buffer.from(JSON.stringify({ from: 0, to: 256, broken: [] }));
    return files.get(`log/${path}`);
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/log\//, '');
    if (answer(path, response)) return;
    const body = bodyOf(path);
    response.statusCode = body === undefined ? 404 : 200;
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = server.address();
  return {
    address: `http://127.0.0.1:${typeof place === 'object' ? place?.port : ''}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
