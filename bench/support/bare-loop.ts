// The limit of the end-to-end measurement, in a process of its own: makes the requests that it was given, as fast as it
// can, reads and parses every answer, and keeps nothing. One merge request's reads go side by side; what the product
// asks for many at once is asked for as many here; a page is read, written with more rows, and read again.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

export interface BareCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Text that goes to the end of a page's table. */
export interface BareAppend {
  readonly page: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly rows: string;
}

/** Steps that go one after the other; the calls of a step go side by side. */
export type BareChain = readonly (readonly BareCall[] | BareAppend)[];

const chainsAtOnce = 64;

const [, , path = ''] = process.argv;
const chains = JSON.parse(readFileSync(path, 'utf8')) as BareChain[];
const agent = new Agent({ keepAlive: true, maxSockets: 512 });
const start = performance.now();
let next = 0;
let made = 0;
await Promise.all(Array.from({ length: chainsAtOnce }, work));
agent.destroy();
console.log(JSON.stringify({ ms: performance.now() - start, calls: made }));

async function work(): Promise<void> {
  for (let chain = chains[next++]; chain !== undefined; chain = chains[next++]) {
    for (const step of chain) {
      if ('page' in step) await append(step);
      else await Promise.all(step.map(call));
    }
  }
}

interface Page {
  readonly id: string;
  readonly title: string;
  readonly version: { readonly number: number };
  readonly body: { readonly storage: { readonly value: string } };
}

async function append({ page: url, headers, rows }: BareAppend): Promise<void> {
  const read = { method: 'GET', url: `${url}?body-format=storage`, headers };
  const page = (await call(read)) as Page;
  const value = page.body.storage.value.replace(/<\/tbody>(?![\s\S]*<\/tbody>)/, `${rows}</tbody>`);
  const { id, title } = page;
  const body = {
    id,
    status: 'current',
    title,
    body: { representation: 'storage', value },
    version: { number: page.version.number + 1 },
  };
  await call({ method: 'PUT', url, headers, body: JSON.stringify(body) });
  await call(read);
}

function call({ method, url, headers, body }: BareCall): Promise<unknown> {
  made++;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if ((answer.statusCode ?? 0) >= 400) reject(new Error(`${method} ${url}: ${answer.statusCode} ${text}`));
        else resolve(JSON.parse(text));
      });
      answer.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
