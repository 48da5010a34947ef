import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text as textOf } from 'node:stream/consumers';

/** The merge request that the fixtures are about. */
export const change = { projectId: 501, iid: 7 };
export const token = 'glpat-not-a-real-token';
export const base = '/api/v4/projects/501/merge_requests/7';
export const settingsPath = '/api/v4/projects/501/approvals';
export const graphqlPath = '/api/graphql';
export const usersPath = '/api/v4/users';

/** A REST fixture, as bytes. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/rest/${name}`, import.meta.url));
}

/** The fixture of a user, as another user; what it shows in public is for the test to say. */
export function userOf(id: number, shown: object = {}): string {
  return JSON.stringify({ ...JSON.parse(String(fixture('user.json'))), id, public_email: '', ...shown });
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Cuts the connection instead of answering, or after half of the body. */
  readonly cut?: 'before' | 'within';
  readonly silent?: boolean;
  /** Drops the header that GitLab sends with every page, as some proxies do. */
  readonly bare?: boolean;
}
export type Answering = Reply | ((query: URLSearchParams, body: string) => Reply | Promise<Reply>);

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface LocalServer {
  readonly url: string;
  readonly requests: Request[];
  /** What is answered at a path from now on. */
  set(path: string, answering: Answering): void;
  close(): Promise<void>;
}

/** Starts a server that answers with the fixtures, or whatever a test puts in their place. */
export async function startLocalServer(): Promise<LocalServer> {
  const answers = new Map<string, Answering>([
    [base, { body: fixture('merge-request-19.json') }],
    [`${base}/approvals`, { body: fixture('approvals-premium-19.json') }],
    [`${base}/approval_state`, { body: fixture('approval-state.json') }],
    [`${base}/reviewers`, { body: fixture('reviewers.json') }],
    [`${base}/versions`, { body: fixture('versions.json') }],
    [`${base}/commits`, { body: fixture('commits.json') }],
    [`${base}/resource_label_events`, { body: fixture('label-events.json') }],
    [`${base}/resource_state_events`, { body: fixture('state-events.json') }],
    [`${base}/notes`, { body: fixture('notes.json') }],
    [settingsPath, { body: fixture('project-approvals.json') }],
    ...[11, 13, 14].map((id) => [`${usersPath}/${id}`, { body: userOf(id) }] as const),
    [graphqlPath, { body: fixture('commit-authors.json') }],
    [usersPath, { body: '[]' }],
  ]);
  const requests: LocalServer['requests'] = [];
  const server = createServer((incoming, outgoing) => {
    void textOf(incoming).then(async (body) => {
      const { method = 'GET', headers } = incoming;
      const { pathname, search, searchParams } = new URL(incoming.url ?? '/', 'http://gitlab');
      requests.push({ method, path: pathname, query: search, headers, body });
      const found = answers.get(pathname) ?? { status: 404, body: fixture('error-404.json') };
      const reply = typeof found === 'function' ? await found(searchParams, body) : found;
      if (reply.silent === true) return;
      if (reply.cut === 'before') {
        incoming.socket.destroy();
        return;
      }
      const bytes = Buffer.from(reply.body ?? '');
      // Like GitLab: the next page is said in a header even where there is none.
      const page = reply.bare === true ? {} : { 'x-next-page': '' };
      outgoing.writeHead(reply.status ?? 200, { ...page, 'content-length': bytes.length, ...reply.headers });
      if (reply.cut === 'within') outgoing.write(bytes.subarray(0, bytes.length / 2), () => incoming.socket.destroy());
      else outgoing.end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    set: (path, answering) => answers.set(path, answering),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
