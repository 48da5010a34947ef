// The limit for what is accepted: the same rows, written by the same code, with one commit for each request. Nothing is
// verified, and nothing waits for anything else.
import { createServer, type ServerResponse } from 'node:http';
import { changeEventKey, parseEvent } from '../../src/connectors/gitlab/webhook.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { startQueue } from '../../src/workflow/queue.ts';
import { receive, sift } from '../../src/workflow/receive.ts';
import { sha256 } from '../../src/workflow/sha256.ts';
import { quiet as log } from '../../test/support/quiet.ts';

const [port = '', connectionString = '', sessions = ''] = process.argv.slice(2);
const connection = { connectionString };
const database = await openDatabase({ connection, log, max: Number(sessions) });
const queue = await startQueue({ connection, log });
const filter = {
  groups: [],
  projects: [],
  labels: ['security::*'],
  targetBranches: ['*'],
  journalProjects: [],
  overrides: [],
};
const parts = { database, queue, filter, pods: [], now: () => new Date() };

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => void keep(Buffer.concat(chunks), String(request.headers['idempotency-key']), response));
});
server.listen(Number(port), '127.0.0.1', () => console.log('listens at'));

async function keep(body: Buffer, deliveryId: string, response: ServerResponse): Promise<void> {
  const parsed = parseEvent(body);
  if (parsed.kind !== 'merge_request') throw new Error(`The load holds an event of another kind: ${parsed.kind}`);
  const arriving = sift(
    {
      deliveryId,
      authenticatedBy: 'nothing',
      receivedAt: new Date(),
      sha256: sha256(body),
      body,
      instance: 'gitlab.example',
      event: parsed.event,
      eventKey: changeEventKey(parsed.event),
    },
    filter,
  );
  if ('result' in arriving) throw new Error('The load holds an event that is out of scope');
  const [received] = await receive(parts, [arriving]);
  const answer = JSON.stringify(received);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
  response.end(answer);
}
