import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAsking, type Answered, type Asking } from './asking.ts';

const url = 'https://gitlab.acme.example/pay/api/-/merge_requests/42';

describe('attachments and comments', () => {
  let sandbox: Asking;

  beforeEach(async () => {
    sandbox = await startAsking();
    sandbox.linear.createTeam({ key: 'SEC' });
    sandbox.linear.createIssue({ team: 'SEC' });
  });
  afterEach(() => sandbox.linear.close());

  function create(input: Readonly<Record<string, unknown>>): Promise<Answered> {
    return sandbox.ask(
      'mutation($input: AttachmentCreateInput!) { attachmentCreate(input: $input) { attachment { id title metadata } } }',
      { input: { issueId: 'SEC-1', url, title: 'Review record', ...input } },
    );
  }

  function comment(input: Readonly<Record<string, unknown>>): Promise<Answered> {
    return sandbox.ask(
      'mutation($input: CommentCreateInput!) { commentCreate(input: $input) { success comment { id body } } }',
      { input: { issueId: 'SEC-1', body: 'Reviewed', ...input } },
    );
  }

  it('are one per issue and address: the same again updates', async () => {
    const { linear, calls } = sandbox;
    linear.createIssue({ team: 'SEC' });
    const first = await create({ metadata: { attempt: 1 }, subtitle: 'kept' });
    const again = await create({ title: 'Sealed', metadata: { attempt: 2 } });
    expect(again.data.attachmentCreate.attachment.id).toBe(first.data.attachmentCreate.attachment.id);
    expect(calls.at(-1)?.fact).toContain('linear 7.1 same url on same issue updates');
    await create({ issueId: 'SEC-2' });
    expect(linear.issue('SEC-1')?.attachments).toMatchObject([
      { title: 'Sealed', subtitle: 'kept', metadata: { attempt: 2 } },
    ]);
    expect(linear.issue('SEC-2')?.attachments).toHaveLength(1);
  });

  it('carry strings and numbers only', async () => {
    const { linear } = sandbox;
    for (const metadata of [{ a: true }, { a: null }, { a: {} }, { a: ['x'] }]) {
      expect((await create({ metadata })).errors[0]?.extensions['code']).toBe('INVALID_INPUT');
    }
    expect((await create({ metadata: ['x'] })).status).toBe(400);
    expect(linear.issue('SEC-1')?.attachments).toEqual([]);
    expect((await create({ metadata: { a: 'x', b: 0.5 } })).errors).toEqual([]);
  });

  it('need an address, a title, and a version 4 UUID where the client chooses the id', async () => {
    const id = randomUUID();
    for (const input of [
      { url: 'not a url' },
      { title: ' ' },
      { id: 'mine' },
      { id: '11111111-1111-1111-1111-111111111111' },
    ]) {
      expect((await create(input)).errors[0]?.extensions['code']).toBe('INVALID_INPUT');
    }
    expect((await create({ id })).data.attachmentCreate.attachment.id).toBe(id);
    expect((await create({ issueId: 'SEC-9' })).errors[0]?.message).toContain('Entity not found');
  });

  it('are found by the exact address, and of archived issues only on request', async () => {
    const { ask, linear } = sandbox;
    linear.attach('SEC-1', { url, title: '!42', sourceType: 'gitlab' });
    const count = async (asked: string, archived = false): Promise<number> => {
      const query =
        'query($u: String!, $a: Boolean) { attachmentsForURL(url: $u, includeArchived: $a) { nodes { id } } }';
      return (await ask(query, { u: asked, a: archived })).data.attachmentsForURL.nodes.length;
    };
    expect([await count(url), await count(`${url}/`), await count(`${url}#note_1`)]).toEqual([1, 0, 0]);
    linear.switches.urlNormalised = true;
    expect([await count(`${url}/`), await count(`${url}#note_1`)]).toEqual([1, 1]);
    linear.archive('SEC-1');
    expect([await count(url), await count(url, true)]).toEqual([0, 1]);
    linear.switches.archivedIssueKeepsAttachmentsListed = true;
    expect(await count(url)).toBe(1);
  });

  it('that are linked become rich where the address is a merge request and the integration is there', async () => {
    const { ask, linear } = sandbox;
    const link =
      'mutation($u: String!) { attachmentLinkURL(issueId: "SEC-1", url: $u) { attachment { sourceType title } } }';
    expect((await ask(link, { u: url })).data.attachmentLinkURL.attachment).toEqual({
      sourceType: 'gitlab',
      title: 'Merge request !42',
    });
    expect((await ask(link, { u: 'https://acme.example/1' })).data.attachmentLinkURL.attachment.sourceType).toBeNull();
    const twice = await ask(link, { u: url });
    expect(twice.errors[0]?.message).toBe('Duplicate attachment for duplicate url');
    linear.switches.linkTwice = 'updates';
    expect((await ask(link, { u: url })).errors).toEqual([]);
    expect(linear.issue('SEC-1')?.attachments).toHaveLength(2);
  });

  it('of merge requests need the integration and carry what the workspace’s version of it writes', async () => {
    const { ask, linear } = sandbox;
    const link = `mutation($u: String!) { attachmentLinkGitLabMR(
      issueId: "SEC-1", url: $u, number: 42, projectPathWithNamespace: "pay/api"
    ) { attachment { sourceType title metadata } } }`;
    linear.connectGitlab(false);
    expect((await ask(link, { u: url })).errors).toHaveLength(1);
    linear.connectGitlab(true);
    linear.switches.gitlabSourceType = 'gitlabMergeRequest';
    linear.switches.gitlabMetadata = false;
    expect((await ask(link, { u: url })).data.attachmentLinkGitLabMR.attachment).toEqual({
      sourceType: 'gitlabMergeRequest',
      title: 'pay/api!42',
      metadata: {},
    });
  });

  it('can be changed and deleted', async () => {
    const { ask, linear } = sandbox;
    const { id } = linear.attach('SEC-1', { url, title: 'Before' });
    await ask('mutation($id: String!) { attachmentUpdate(id: $id, input: { title: "After" }) { success } }', { id });
    expect(linear.issue('SEC-1')?.attachments).toMatchObject([{ title: 'After' }]);
    const { data } = await ask('query($id: String!) { attachment(id: $id) { issue { identifier } } }', { id });
    expect(data.attachment.issue.identifier).toBe('SEC-1');
    await ask('mutation($id: String!) { attachmentDelete(id: $id) { entityId } }', { id });
    expect(linear.issue('SEC-1')?.attachments).toEqual([]);
  });

  it('may bring a comment along, and again on every repeat', async () => {
    await create({ commentBody: 'Sealed' });
    await create({ commentBody: 'Sealed' });
    expect(sandbox.linear.issue('SEC-1')?.comments).toHaveLength(2);
  });

  it('that are comments may have an id of the client, which works once', async () => {
    const { linear } = sandbox;
    const id = randomUUID();
    expect((await comment({ id: 'mine' })).errors[0]?.extensions['code']).toBe('INVALID_INPUT');
    expect((await comment({ id })).data.commentCreate.comment.id).toBe(id);
    expect((await comment({ id })).errors[0]?.extensions['code']).toBe('INPUT_ERROR');
    linear.switches.repeatedCommentId = 'ignored';
    expect((await comment({ id, body: 'Other' })).data.commentCreate.comment.body).toBe('Reviewed');
    expect(linear.issue('SEC-1')?.comments).toHaveLength(1);
    expect((await comment({ body: '' })).errors).toHaveLength(1);
  });
});
