// The limit for what is accepted: one insert and one commit for each request, and nothing is verified.
import { createServer, type ServerResponse } from 'node:http';
import { Pool } from 'pg';

const [port = '', connectionString = '', sessions = ''] = process.argv.slice(2);
const pool = new Pool({ connectionString, max: Number(sessions) });
await pool.query(
  'create table if not exists bare_delivery (id bigint generated always as identity, body bytea not null)',
);

const answer = JSON.stringify({ result: 'accepted' });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => void keep(Buffer.concat(chunks), response));
});
server.listen(Number(port), '127.0.0.1', () => console.log('listens at'));

async function keep(body: Buffer, response: ServerResponse): Promise<void> {
  JSON.parse(body.toString());
  await pool.query({ name: 'keep', text: 'insert into bare_delivery (body) values ($1)', values: [body] });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
  response.end(answer);
}
