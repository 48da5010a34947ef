import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { createConfluence } from './confluence/client.ts';
import { sampleRow } from './confluence/fixtures/rows.ts';
import { createGitLab } from './gitlab/client.ts';
import { createHttp, type HttpRequest } from './http.ts';
import { createLinear } from './linear/client.ts';
import { createSlack } from './slack/client.ts';

const readOnly = true;

describe('a client that may only read', () => {
  let server: Server;
  let url: string;
  let heard = 0;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      heard++;
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  beforeEach(() => {
    heard = 0;
  });
  afterAll(() => void server.close());

  const send = (
    {
      search = '',
      place = `/graphql${search}`,
      ...request
    }: Omit<HttpRequest, 'url'> & { readonly search?: string; readonly place?: string },
    options = { readOnly: true },
  ) => createHttp({ vendor: 'gitlab', ...options })({ url: `${url}${place}`, ...request });
  const graphql = (query: unknown) =>
    ({ method: 'POST', reads: 'where_query', body: JSON.stringify({ query }) }) as const;

  test.each([
    ['PUT', { method: 'PUT' }],
    ['DELETE', { method: 'DELETE' }],
    ['a PUT that is said to read', { method: 'PUT', reads: 'always' }],
    ['a GET of another method by its header', { headers: { 'X-HTTP-Method-Override': 'DELETE' } }],
    ['a mutation by GET', { search: '?query=mutation%7Bb%7D' }],
    ['a POST of which nothing is said', { method: 'POST' }],
    ['a mutation', graphql('mutation Close { issueUpdate(id: "1") { success } }')],
    ['a mutation without a name', graphql('mutation{a}')],
    ['a mutation behind a comment and a query', graphql('# query\nquery A { a }\n mutation B { b }')],
    ['a subscription', graphql('subscription { a }')],
    ['a document that cannot be read', graphql('query {')],
    ['a document that is no text', graphql(7)],
    ['a body that is no JSON', { method: 'POST', reads: 'where_query', body: 'query { a }' }],
    ['a mutation in the address', { ...graphql('{ a }'), search: '?query=mutation%7Bb%7D' }],
    [
      'a mutation in the address of what always reads',
      { method: 'POST', reads: 'always', search: '?query=mutation%7Bb%7D' },
    ],
    ['the name of a document in the address', { ...graphql('{ a }'), search: '?documentId=7' }],
    [
      'a key that is there twice',
      { method: 'POST', reads: 'where_query', body: '{"query":"mutation{b}","query":"{a}"}' },
    ],
    [
      'a key that is there twice, written otherwise',
      { method: 'POST', reads: 'where_query', body: '{"qu\\u0065ry":"mutation{b}","query":"{a}"}' },
    ],
    ['a document that is named', { method: 'POST', reads: 'where_query', body: '{"query":"{a}","documentId":"m"}' }],
    [
      'a document that is kept at the server',
      {
        method: 'POST',
        reads: 'where_query',
        body: '{"query":"{a}","extensions":{"persistedQuery":{"sha256Hash":"x"}}}',
      },
    ],
    ['no body', { method: 'POST', reads: 'where_query' }],
  ] as const)('sends no %s', async (_what, request) => {
    await expect(send(request)).rejects.toMatchObject({ code: 'read_only', vendor: 'gitlab' });
    expect(heard).toBe(0);
    await send(request, { readOnly: false });
    expect(heard).toBe(1);
  });

  test.each([
    ['GET', { place: '/api/merge_requests?page=2' }],
    ['a POST that reads', { method: 'POST', reads: 'always', body: 'a=b' }],
    ['a query', graphql('query A($mutation: ID!) { mutation(id: $mutation) { ...F } } fragment F on Mutation { id }')],
    ['a query without a word before it', graphql('{ a }')],
    [
      'a query with variables',
      { method: 'POST', reads: 'where_query', body: '{"query":"{a}","variables":{"b":1},"operationName":"A"}' },
    ],
  ] as const)('sends %s', async (_what, request) => {
    expect(await send(request)).toMatchObject({ status: 200 });
    expect(heard).toBe(1);
  });
});

describe.each(['cloud', 'data_center'] as const)('against the vendors, with Confluence %s', (flavour) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ seed: 'demo', confluence: flavour });
  });
  beforeEach(() => {
    sandbox.calls.length = 0;
  });
  afterAll(() => sandbox.close());

  const refused = { code: 'read_only' };
  const confluence = () =>
    createConfluence({
      url: sandbox.confluence.url,
      flavour,
      auth:
        flavour === 'cloud'
          ? { kind: 'basic', email: sandbox.confluence.email, token: sandbox.confluence.apiToken }
          : { kind: 'bearer', token: sandbox.confluence.personalAccessToken },
      readOnly,
    });

  test('no page is made, and no row is written', async () => {
    const missing = { space: 'SEC', title: 'Not there yet' };
    await expect(confluence().locatePage(missing, { create: true })).rejects.toMatchObject(refused);
    const [page] = sandbox.confluence.pages();
    const rows = [sampleRow(1)];
    const append = { pageId: page!.id, rows, versionMessage: rows[0]!.recordId };
    await expect(confluence().appendRows(append)).rejects.toMatchObject(refused);
    expect((await confluence().hasRows({ pageId: page!.id, recordIds: [rows[0]!.recordId] })).present).toEqual([]);
    expect(sandbox.calls.filter(({ write }) => write)).toEqual([]);
  });
});

describe('against the vendors', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ seed: 'demo' });
  });
  beforeEach(() => {
    sandbox.calls.length = 0;
  });
  afterAll(() => sandbox.close());

  const refused = { code: 'read_only' };
  const writes = () => sandbox.calls.filter(({ write }) => write);

  test.each(['api_key', 'client_credentials'] as const)(
    'Linear, by %s: issues are found and not closed',
    async (kind) => {
      const { apiKey, clientId, clientSecret, url } = sandbox.linear;
      const auth = kind === 'api_key' ? { kind, key: apiKey } : { kind, clientId, clientSecret };
      // A label that is missing would be made first.
      const linear = createLinear({ url, auth, auditedLabel: `new with ${kind}`, readOnly });
      const { id, identifier } = sandbox.linear.createIssue({ team: 'SEC', title: 'Tokens', state: 'In Review' });
      const query = {
        mergeRequestUrl: 'https://a.example/b',
        sourceBranch: 'c',
        title: 'd',
        description: `Fixes ${identifier}`,
      };
      expect(await linear.findTicket(query)).toMatchObject({ kind: 'found', issue: { id } });

      const attachment = { url: 'https://a.example/e', title: 'f', metadata: {} };
      const label = await linear.closeTickets([{ issueId: id, attachment }]).catch((error: unknown) => error);
      expect([label].flat()).toMatchObject([expect.objectContaining(refused)]);
      const known = createLinear({ url, auth, auditedLabel: 'audited', readOnly });
      await expect(known.closeTickets([{ issueId: id, attachment }])).rejects.toMatchObject(refused);
      expect(writes().filter(({ path }) => path === '/graphql')).toEqual([]);
      expect(sandbox.linear.issue(identifier)).toMatchObject({ state: { name: 'In Review' }, labels: [] });
    },
  );

  test('Slack: the channel is read, nothing is posted, and nothing deleted', async () => {
    const slack = createSlack({ url: sandbox.slack.url, token: sandbox.slack.botToken, readOnly });
    const [channel] = sandbox.slack.channels().filter(({ id }) => sandbox.slack.messages(id).length > 0);
    const [message] = sandbox.slack.messages(channel!.id);
    const place = { channel: channel!.id, ts: message!.ts };
    const since = new Date(0);
    await slack.findThread({ channel: channel!.id, mergeRequestUrl: 'https://a.example/b', since });
    expect(await slack.findPosted({ channel: channel!.id, key: 'SEC-0', oldest: since })).toEqual([]);
    expect(await slack.permalink(place)).toMatch(/^https:/);
    expect(sandbox.calls.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['auth.test', 'conversations.history', 'chat.getPermalink']),
    );

    const content = { key: 'SEC-0', lines: [[{ kind: 'text', text: 'a' } as const]] };
    await expect(slack.post({ channel: channel!.id, message: content })).rejects.toMatchObject(refused);
    await expect(slack.remove(place)).rejects.toMatchObject(refused);
    expect(writes()).toEqual([]);
  });

  test('GitLab: everything about a review is read, its GraphQL included', async () => {
    const token = sandbox.environment()['GITLAB_TOKEN']!;
    const gitlab = createGitLab({ url: sandbox.gitlab.url, token, readOnly });
    const [mr] = sandbox.gitlab.snapshot().mergeRequests;
    const { projectId, iid } = mr!;
    const evidence = await gitlab.readChange({ projectId, iid });
    expect(evidence.mergeRequest.ok).toBe(true);
    expect(sandbox.calls.map(({ path }) => path)).toContain('/api/graphql');
    expect(writes()).toEqual([]);
  });
});
