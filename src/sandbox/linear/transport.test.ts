import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAsking, type Asking } from './asking.ts';

describe('the transport', () => {
  let sandbox: Asking;
  let time: number;

  beforeEach(async () => {
    time = Date.parse('2026-05-04T09:00:00Z');
    sandbox = await startAsking({ now: () => new Date(time) });
    sandbox.linear.createTeam({ key: 'SEC' });
    sandbox.linear.createIssue({ team: 'SEC' });
  });
  afterEach(() => sandbox.linear.close());

  async function token(form: Readonly<Record<string, string>>): Promise<Response> {
    return fetch(sandbox.linear.tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
  }

  function clientForm(scope = 'read,write'): Record<string, string> {
    const { clientId, clientSecret } = sandbox.linear;
    return { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
  }

  it('takes an API key without Bearer, and refuses it with', async () => {
    const { ask, linear } = sandbox;
    expect((await ask('{ viewer { id } }')).status).toBe(200);
    const refused = await ask('{ viewer { id } }', {}, `Bearer ${linear.apiKey}`);
    expect(refused.status).toBe(401);
    expect(refused.errors[0]?.extensions).toMatchObject({ code: 'AUTHENTICATION_ERROR', type: 'authentication error' });
    expect('data' in refused.body).toBe(false);
    expect(sandbox.calls.at(-1)?.fact).toBe('linear 1 api key without Bearer');
  });

  it('refuses a wrong and a revoked key with 401 and no data', async () => {
    const { ask, linear } = sandbox;
    expect((await ask('{ viewer { id } }', {}, 'lin_api_wrong')).status).toBe(401);
    linear.revokeKey();
    const refused = await ask('{ viewer { id } }');
    expect(refused.status).toBe(401);
    expect('data' in refused.body).toBe(false);
    linear.restoreKey();
    expect((await ask('{ viewer { id } }')).status).toBe(200);
  });

  it('gives a token for client credentials: an app actor, comma in, space out, 30 days', async () => {
    const answer = await token(clientForm());
    const body = (await answer.json()) as { access_token: string; scope: string; expires_in: number };
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 2_592_000, scope: 'read write' });
    const { ask } = sandbox;
    const { data } = await ask('{ viewer { app } }', {}, `Bearer ${body.access_token}`);
    expect(data.viewer.app).toBe(true);
    time += 2_592_000_000;
    expect((await ask('{ viewer { app } }', {}, `Bearer ${body.access_token}`)).status).toBe(401);
  });

  it('refuses bad client credentials, unknown scopes and other grants', async () => {
    const { linear } = sandbox;
    expect((await token({ ...clientForm(), client_secret: 'no' })).status).toBe(401);
    expect(await (await token(clientForm('read,everything'))).json()).toMatchObject({ error: 'invalid_scope' });
    expect(await (await token({ ...clientForm(), grant_type: 'password' })).json()).toMatchObject({
      error: 'unsupported_grant_type',
    });
    linear.setClientCredentials(false);
    expect(await (await token(clientForm())).json()).toMatchObject({ error: 'unauthorized_client' });
  });

  it('lets tokens expire at once where a test wants it', async () => {
    const body = (await (await token(clientForm())).json()) as { access_token: string };
    sandbox.linear.expireTokens();
    expect((await sandbox.ask('{ viewer { id } }', {}, `Bearer ${body.access_token}`)).status).toBe(401);
  });

  it('grants an application no more than it was allowed', async () => {
    const { linear, ask } = sandbox;
    linear.setGrantable(['read']);
    const body = (await (await token(clientForm())).json()) as { access_token: string; scope: string };
    expect(body.scope).toBe('read');
    const rename = 'mutation { issueUpdate(id: "SEC-1", input: { title: "x" }) { success } }';
    const { errors } = await ask(rename, {}, `Bearer ${body.access_token}`);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('lists GitLab among the integrations while it is connected', async () => {
    const { linear, ask } = sandbox;
    const query = '{ integrations { nodes { service creator { name } } } organization { securitySettings } }';
    const { data } = await ask(query);
    expect(data.integrations.nodes).toEqual([{ service: 'gitlab', creator: { name: 'Marit Lund' } }]);
    expect(data.organization.securitySettings).toEqual({ labelManagementRole: 'user' });
    linear.connectGitlab(false);
    linear.restrictLabels(true);
    expect((await ask(query)).data).toEqual({
      integrations: { nodes: [] },
      organization: { securitySettings: { labelManagementRole: 'admin' } },
    });
  });

  it('needs the write scope for mutations; reading is always allowed', async () => {
    const { ask, linear, calls } = sandbox;
    linear.setScopes(['read']);
    const refused = await ask('mutation { issueUpdate(id: "SEC-1", input: { title: "x" }) { success } }');
    expect(refused.errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', type: 'forbidden', statusCode: 403 });
    expect(refused.status).toBe(200);
    expect(calls.at(-1)?.fact).toContain('linear 1 scopes');
    linear.switches.forbiddenStatus = 403;
    expect((await ask('mutation { issueUpdate(id: "SEC-1", input: { title: "x" }) { success } }')).status).toBe(403);
    linear.setScopes(['read', 'comments:create']);
    const comment = await ask('mutation { commentCreate(input: { issueId: "SEC-1", body: "x" }) { success } }');
    expect(comment.data.commentCreate.success).toBe(true);
    expect((await ask('{ issue(id: "SEC-1") { title } }')).status).toBe(200);
  });

  it('lets only an application act in another name', async () => {
    const { ask } = sandbox;
    const create = `mutation { attachmentCreate(input: {
      issueId: "SEC-1", url: "https://acme.example/1", title: "Record", createAsUser: "Bot"
    }) { success } }`;
    expect((await ask(create)).errors[0]?.extensions['code']).toBe('INPUT_ERROR');
    const body = (await (await token(clientForm())).json()) as { access_token: string };
    expect((await ask(create, {}, `Bearer ${body.access_token}`)).data.attachmentCreate.success).toBe(true);
  });

  it('answers an unknown field or a wrong type with 400 GRAPHQL_VALIDATION_FAILED', async () => {
    const { ask, calls } = sandbox;
    for (const [query, variables] of [
      ['{ issue(id: "SEC-1") { nonsense } }', {}],
      ['{ issues(filter: { identifier: { eq: "SEC-1" } }) { nodes { id } } }', {}],
      ['query($id: String!) { issue(id: $id) { id } }', { id: 7 }],
      ['{ issue(id: "SEC-1" ', {}],
    ] as const) {
      const { status, errors, body } = await ask(query, variables);
      expect(status).toBe(400);
      expect(errors[0]?.extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED', type: 'graphql error' });
      expect('data' in body).toBe(false);
    }
    expect(calls.at(-2)?.fact).toBe('linear 2 validation failed is 400');
  });

  it('takes JSON only', async () => {
    const { linear } = sandbox;
    const headers = { authorization: linear.apiKey };
    const form = await fetch(linear.url, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ query: '{viewer{id}}' }),
    });
    expect(form.status).toBe(400);
    const list = await fetch(linear.url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '[{"query":"{viewer{id}}"}]',
    });
    expect(list.status).toBe(400);
    expect((await fetch(linear.url, { headers })).status).toBe(404);
  });

  it('says with every answer what is left, in epoch milliseconds', async () => {
    const { headers } = await sandbox.ask('{ viewer { id name } }');
    expect(headers.get('x-ratelimit-requests-limit')).toBe('2500');
    expect(headers.get('x-ratelimit-requests-remaining')).toBe('2499');
    expect(Number(headers.get('x-ratelimit-requests-reset'))).toBe(time + 3_600_000 / 2500);
    expect(headers.get('x-complexity')).toBe('2');
    expect(headers.get('x-ratelimit-complexity-limit')).toBe('3000000');
    expect(headers.get('x-ratelimit-complexity-remaining')).toBe('2999998');
    expect(headers.get('x-ratelimit-endpoint-name')).toBeNull();
  });

  it('may allow 5,000 requests an hour, as was published before', async () => {
    const other = await startAsking({ switches: { requestsPerHour: 5000 } });
    const { headers } = await other.ask('{ viewer { id } }');
    await other.linear.close();
    expect(headers.get('x-ratelimit-requests-limit')).toBe('5000');
  });

  it('answers 400 RATELIMITED when the quota is used up, and lets it flow back', async () => {
    const { ask, linear, calls } = sandbox;
    linear.setLimits({ requests: 2 });
    await ask('{ viewer { id } }');
    await ask('{ viewer { id } }');
    const refused = await ask('{ viewer { id } }');
    expect(refused.status).toBe(400);
    expect(refused.errors[0]?.extensions).toMatchObject({ code: 'RATELIMITED', type: 'ratelimited' });
    expect(refused.headers.get('x-ratelimit-requests-remaining')).toBe('0');
    expect(calls.at(-1)?.fact).toBe('linear 3 RATELIMITED is 400');
    time += 1_800_000;
    expect((await ask('{ viewer { id } }')).status).toBe(200);
  });

  it('can be told to refuse the next calls, which then do nothing', async () => {
    const { ask, linear } = sandbox;
    linear.limitNext(1);
    const title = 'mutation { issueUpdate(id: "SEC-1", input: { title: "Changed" }) { success } }';
    expect((await ask(title)).errors[0]?.extensions['code']).toBe('RATELIMITED');
    expect(linear.issue('SEC-1')?.title).toBe('Fix a vulnerability');
    expect((await ask(title)).status).toBe(200);
  });

  it('counts complexity: a page costs its whole size', async () => {
    const { ask } = sandbox;
    const cost = async (query: string): Promise<string | null> => (await ask(query)).headers.get('x-complexity');
    expect(await cost('{ issues(first: 10) { nodes { id title } } }')).toBe('13');
    expect(await cost('{ issues { nodes { id title } } }')).toBe('61');
    expect(await cost('query { ...Found } fragment Found on Query { a: viewer { id } b: viewer { id } }')).toBe('3');
  });

  it('refuses one query of more than 10,000 points', async () => {
    const { ask, calls } = sandbox;
    const { status, errors } = await ask('{ issues(first: 250) { nodes { labels { nodes { id } } } } }');
    expect(status).toBe(400);
    expect(errors[0]?.message).toContain('too complex');
    expect(calls.at(-1)?.fact).toBe('linear 3 one query costs at most 10,000');
  });

  it('limits full-text search to 30 a minute', async () => {
    const { ask, linear } = sandbox;
    linear.setLimits({ searches: 1 });
    const first = await ask('{ searchIssues(term: "SEC-1", first: 5) { nodes { identifier } totalCount } }');
    expect(first.headers.get('x-ratelimit-endpoint-name')).toBe('searchIssues');
    expect((await ask('{ searchIssues(term: "SEC-1", first: 5) { totalCount } }')).status).toBe(400);
  });

  it('reports its limits', async () => {
    const { data } = await sandbox.ask(
      '{ rateLimitStatus { kind identifier limits { type allowedAmount requestedAmount remainingAmount period reset } } }',
    );
    expect(data.rateLimitStatus.limits[0]).toMatchObject({
      allowedAmount: 2500,
      remainingAmount: 2499,
      period: 3_600_000,
    });
  });

  it('answers with any error it is told to, for one field', async () => {
    const { ask, linear } = sandbox;
    linear.failNext({ field: 'issue', code: 'INTERNAL_ERROR', type: 'internal error' });
    const { status, errors, data } = await ask('{ issue(id: "SEC-1") { id } }');
    expect({ status, data }).toEqual({ status: 200, data: null });
    expect(errors[0]?.extensions).toMatchObject({ code: 'INTERNAL_ERROR', type: 'internal error', statusCode: 500 });
    linear.failNext({ field: 'issue', code: 'LOCK_TIMEOUT', type: 'lock timeout', status: 500 });
    expect((await ask('{ issue(id: "SEC-1") { id } }')).status).toBe(500);
    expect((await ask('{ issue(id: "SEC-1") { id } }')).status).toBe(200);
  });

  it('gives partial data where the failed field may be null', async () => {
    const { ask, linear } = sandbox;
    linear.failNext({ field: 'issueVcsBranchSearch', code: 'INTERNAL_ERROR', type: 'internal error' });
    const { data, errors } = await ask('{ viewer { app } issueVcsBranchSearch(branchName: "x") { id } }');
    expect(data).toEqual({ viewer: { app: false }, issueVcsBranchSearch: null });
    expect(errors).toMatchObject([{ path: ['issueVcsBranchSearch'] }]);
  });

  it('runs the mutations of a document in order; the first failure takes all the data, not what was done', async () => {
    const { ask, linear } = sandbox;
    linear.createIssue({ team: 'SEC' });
    const { data, errors } = await ask(`mutation {
      one: issueUpdate(id: "SEC-1", input: { title: "First" }) { success }
      two: issueUpdate(id: "SEC-99", input: { title: "Missing" }) { success }
      three: issueUpdate(id: "SEC-2", input: { title: "Third" }) { success }
    }`);
    // The payload types are non-null: GraphQL has nowhere to put the null but at the top.
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: ['two'], extensions: { code: 'INPUT_ERROR' } }]);
    expect(linear.issue('SEC-1')?.title).toBe('First');
    expect(linear.issue('SEC-2')?.title).toBe('Fix a vulnerability');
  });

  it('names calls by their root fields and knows which of them write', async () => {
    const { ask, calls } = sandbox;
    await ask(`mutation Any {
      f0: attachmentCreate(input: { issueId: "SEC-1", url: "https://acme.example/1", title: "Record" }) { success }
      f1: issueUpdate(id: "SEC-1", input: { title: "x" }) { success }
    }`);
    await ask('query { viewer { id } organization { id } }');
    await token(clientForm());
    expect(calls.map(({ operation, write }) => ({ operation, write }))).toEqual([
      { operation: 'attachmentCreate,issueUpdate', write: true },
      { operation: 'viewer,organization', write: false },
      { operation: 'POST /oauth/token', write: false },
    ]);
  });

  it('can answer a proxy page, and lose an answer after the write', async () => {
    const { ask, faults, linear } = sandbox;
    const title = 'mutation { issueUpdate(id: "SEC-1", input: { title: "Changed" }) { success } }';
    faults.add({ vendor: 'linear', operation: 'issueUpdate', kind: 'error_503' });
    await expect(ask(title)).rejects.toThrow(SyntaxError);
    expect(linear.issue('SEC-1')?.title).toBe('Fix a vulnerability');
    faults.add({ vendor: 'linear', operation: 'issueUpdate', kind: 'commit_then_reset' });
    await expect(ask(title)).rejects.toThrow('fetch failed');
    expect(linear.issue('SEC-1')?.title).toBe('Changed');
  });

  it('words failures in Linear’s way', async () => {
    const { ask, faults } = sandbox;
    for (const [kind, status, code] of [
      ['refuse', 403, 'FORBIDDEN'],
      ['limit', 400, 'RATELIMITED'],
      ['error_500', 500, 'INTERNAL_ERROR'],
    ] as const) {
      faults.add({ vendor: 'linear', operation: 'viewer', kind });
      const answered = await ask('{ viewer { id } }');
      expect(answered).toMatchObject({ status, errors: [{ extensions: { code } }] });
    }
  });

  it('names a fact with every answer', async () => {
    const { ask, calls, linear } = sandbox;
    await ask('{ teams(first: 1) { nodes { key } } }');
    await ask('{ users(first: 1) { nodes { name } } }');
    await ask('nonsense');
    await fetch(linear.tokenUrl, { method: 'POST' });
    await fetch(linear.url);
    for (const { fact } of calls) expect(fact).toMatch(/^linear \d/);
  });
});
