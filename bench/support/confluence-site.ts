// A fake Confluence in a process of its own, so that its work does not count as ours. It answers behind a relay that counts
// every byte in both directions.
import { connect, createServer, type AddressInfo } from 'node:net';
import { startConfluence } from '../../src/sandbox/confluence/confluence.ts';
import { createFaults } from '../../src/sandbox/faults.ts';
import type { Call } from '../../src/sandbox/http.ts';

/** What is asked of the site, one at a time. */
export type SiteQuestion =
  | { readonly kind: 'count' }
  /** Makes pages below the configured one. */
  | { readonly kind: 'pages'; readonly below: string; readonly titles: readonly string[] };

export interface SiteDoor {
  readonly url: string;
  readonly flavour: 'cloud';
  readonly email: string;
  readonly apiToken: string;
  readonly personalAccessToken: string;
}

export interface SiteCount {
  readonly requests: number;
  readonly bytes: number;
}

export type SitePages = readonly { readonly id: string; readonly url: string; readonly title: string }[];

const calls: Call[] = [];
// What a save rewrites is Confluence's own affair, and takes the fake one far longer than the real.
const confluence = await startConfluence({ faults: createFaults(), calls, switches: { normalisation: 'none' } });
confluence.createSpace({ key: 'SEC' });
let bytes = 0;
const relay = createServer((near) => {
  const far = connect(Number(new URL(confluence.url).port), '127.0.0.1');
  near.on('data', (chunk) => (bytes += chunk.length));
  far.on('data', (chunk) => (bytes += chunk.length));
  near.pipe(far).pipe(near);
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
});
await new Promise<void>((resolve) => void relay.listen(0, '127.0.0.1', resolve));
const url = new URL(confluence.url);
url.port = String((relay.address() as AddressInfo).port);
const { email, apiToken, personalAccessToken } = confluence;
process.send?.({ url: url.href, flavour: 'cloud', email, apiToken, personalAccessToken } satisfies SiteDoor);

process.on('disconnect', () => process.exit());
process.on('message', (question: SiteQuestion) => {
  process.send?.(answer(question));
});

function answer(question: SiteQuestion): SiteCount | SitePages {
  if (question.kind === 'count') return { requests: calls.at(-1)?.seq ?? 0, bytes };
  return question.titles.map((title) => {
    const page = confluence.createPage({ space: 'SEC', title, body: '<p>Full.</p>', parent: question.below });
    return { id: page.id, url: page.url, title };
  });
}
