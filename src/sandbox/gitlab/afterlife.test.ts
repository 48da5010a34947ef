import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../testing/filled-gitlab.ts';

let filled: FilledGitLab;
const mr = { project: 'acme/payments', iid: 1 };

beforeEach(async () => {
  filled = await startFilledGitLab();
});

afterEach(() => filled.gitlab.close());

async function read(path: string) {
  const { status, body } = await filled.ask(path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body;
}

test('a thread is resolved and opened again as a whole, and says by whom and when', async () => {
  const { gitlab, advance, one } = filled;
  const { id } = gitlab.note({ ...mr, by: 'bo', body: 'Why?', resolvable: true });
  gitlab.note({ ...mr, by: 'ana', body: 'Because', replyTo: id });
  advance(60_000);
  gitlab.resolveNote({ ...mr, by: 'ana', note: id });
  const discussions = await read(`${one}/discussions`);
  const thread = discussions.find(({ individual_note }: { individual_note: boolean }) => !individual_note);
  expect(thread.notes).toMatchObject([
    { body: 'Why?', resolved: true, resolved_by: { username: 'ana' }, resolved_at: '2026-09-20T08:01:00.412Z' },
    { body: 'Because', resolved: true, resolved_at: '2026-09-20T08:01:00.412Z' },
  ]);
  expect((await read(one)).blocking_discussions_resolved).toBe(true);
  gitlab.unresolveNote({ ...mr, by: 'bo', note: id });
  const notes = await read(`${one}/notes`);
  expect(notes[0]).toMatchObject({ resolved: false, resolved_by: null, resolved_at: null });
  expect((await read(one)).blocking_discussions_resolved).toBe(false);
  expect(() => gitlab.note({ ...mr, by: 'ana', body: 'To nothing', replyTo: 1 })).toThrow(/no thread/);
});

test('a label that is renamed stays the same label, and old events show its new title', async () => {
  const { gitlab, one } = filled;
  gitlab.addLabel({ ...mr, by: 'ana', label: 'security::high' });
  const before = (await read(`${one}/resource_label_events`)).at(-1).label;
  gitlab.renameLabel({ group: 'acme', title: 'security::high', to: 'sec::high' });
  expect((await read(`${one}/resource_label_events`)).at(-1).label).toEqual({ ...before, name: 'sec::high' });
  expect((await read(one)).labels).toEqual(['backend', 'sec::high']);
  expect(() => gitlab.renameLabel({ group: 'acme', title: 'backend', to: 'sec::high' })).toThrow(/already/);
});

test('a project that is renamed or moved keeps its number, and its old paths lead there', async () => {
  const { gitlab, ask, one } = filled;
  const { id } = await read('/projects/acme%2Fpayments');
  gitlab.createGroup({ path: 'other' });
  gitlab.addMember({ username: 'mira', group: 'other', role: 'owner' });
  expect(gitlab.renameProject({ project: 'acme/payments', path: 'pay' }).fullPath).toBe('acme/pay');
  const whole = await read(one);
  expect(whole).toMatchObject({ project_id: id, references: { full: 'acme/pay!1' } });
  expect(whole.web_url).toContain('/acme/pay/-/merge_requests/1');
  expect(gitlab.transferProject({ project: id, group: 'other' }).fullPath).toBe('other/pay');
  // Members of the old group see nothing of it any more, not even that it went.
  expect((await ask(one)).status).toBe(404);
  expect((await ask(one, { token: 'keeper' })).body.references.full).toBe('other/pay!1');
  const moved = await fetch(`${gitlab.url}/api/v4${one}/notes?sort=asc`, {
    headers: { 'private-token': 'keeper' },
    redirect: 'manual',
  });
  expect(moved.status).toBe(301);
  expect(moved.headers.get('location')).toBe(`${gitlab.url}/api/v4/projects/${id}/merge_requests/1/notes?sort=asc`);
  expect((await ask(`${one}/notes`, { method: 'POST', token: 'keeper', json: { body: 'x' } })).status).toBe(405);
  expect(() => gitlab.renameProject({ project: id, path: '../x' })).toThrow(/path/);
  gitlab.createProject({ group: 'acme', path: 'payments' });
  expect((await read('/projects/acme%2Fpayments')).id).not.toBe(id);
});

test('a deleted merge request is gone, and its number is not given again', async () => {
  const { gitlab, ask, one } = filled;
  expect(() => gitlab.deleteMergeRequest({ ...mr, by: 'ana' })).toThrow(/no owner/);
  gitlab.deleteMergeRequest({ ...mr, by: 'mira' });
  expect(await ask(one)).toMatchObject({ status: 404, body: { message: '404 Not found' } });
  expect(await read('/groups/acme/merge_requests?scope=all')).toEqual([]);
  expect(gitlab.createMergeRequest({ project: 'acme/payments', author: 'ana', title: 'Next' }).iid).toBe(2);
});

test('a deleted project takes its merge requests with it', async () => {
  const { gitlab, ask, one } = filled;
  gitlab.deleteProject({ project: 'acme/payments' });
  expect(await ask(one)).toMatchObject({ status: 404, body: { message: '404 Project Not Found' } });
  expect(await read('/groups/acme/merge_requests?scope=all')).toEqual([]);
  expect((await read('/groups/acme/projects')).map(({ path }: { path: string }) => path)).toEqual(['web']);
});
