// The limit for what is out of scope: reads and parses the same body, answers, and does nothing besides.
import { createServer } from 'node:http';

const answer = JSON.stringify({ result: 'ignored', reason: 'label' });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listens at'));
