import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const folder = new URL('../ledger/page/', import.meta.url);

/** The page on which a pack is verified, from its sources: one HTML file that needs nothing else. */
export async function buildVerifyPage(): Promise<string> {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  const style = `\n${withoutReturns(readFileSync(new URL('verify.css', folder), 'utf8'))}`;
  const worker = await scriptOf('worker.ts');
  const script = await scriptOf('verify.ts');
  const policy = [
    "default-src 'none'",
    `script-src '${digestOf(script)}'`,
    `style-src '${digestOf(style)}'`,
    // The worker is made of a text of the page. It inherits this policy.
    'worker-src blob:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    // What would make code or markup of a text throws, but for the one place that starts the worker.
    "require-trusted-types-for 'script'",
    'trusted-types worker',
  ].join('; ');
  const parts: Readonly<Record<string, string>> = {
    policy,
    version,
    style: `<style>${style}</style>`,
    // Of no type that a browser runs: the page reads it as a text.
    worker: `<script id="worker" type="text/plain">${worker}</script>`,
    script: `<script>${script}</script>`,
  };
  const html = readFileSync(new URL('verify.html', folder), 'utf8');
  return html.replaceAll(/<!-- (\w+) -->/g, (mark, name: string) => parts[name] ?? mark);
}

/** One file of code, with all that it imports. It stays readable: whoever keeps the page can see what it does. */
async function scriptOf(entry: string): Promise<string> {
  const result = await build({
    root: fileURLToPath(folder),
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'es2023',
      lib: { entry: fileURLToPath(new URL(entry, folder)), formats: ['iife'], name: 'page' },
    },
  });
  const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : []));
  const [chunk] = outputs;
  if (outputs.length !== 1 || chunk?.type !== 'chunk') throw new Error(`${entry} became ${outputs.length} files`);
  // Either would end the script, or change how its end is found (HTML §13.2.5.15 and following).
  if (/<\/script|<!--/i.test(chunk.code)) throw new Error(`${entry} cannot stand within a page`);
  return `\n${withoutReturns(chunk.code)}`;
}

// A browser reads every line end as a line feed, and hashes what it has read (HTML §13.2.3.5).
function withoutReturns(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

function digestOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
