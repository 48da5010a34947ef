import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../testing/filled-gitlab.ts';

let filled: FilledGitLab;

beforeEach(async () => {
  filled = await startFilledGitLab();
});

afterEach(async () => {
  await filled.gitlab.close();
});

const list = '/projects/acme%2Fpayments/merge_requests';

function make(count: number): void {
  for (let i = 0; i < count; i++) {
    filled.gitlab.createMergeRequest({ project: 'acme/payments', author: 'ana', title: `Change ${i}` });
  }
}

async function titles(query: string): Promise<string[]> {
  const { body } = await filled.ask(`/groups/acme/merge_requests?${query}`);
  return body.map(({ title }: { title: string }) => title);
}

test('a listing is followed by its link headers to the end, and a page has at most a hundred rows', async () => {
  make(149);
  const first = await filled.ask(`${list}?per_page=500&sort=asc`);
  expect(first.body).toHaveLength(100);
  expect(first.headers.get('x-per-page')).toBe('100');
  expect(first.headers.get('x-total')).toBe('150');
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link')!)![1]!;
  expect(next).toContain('/projects/acme%2Fpayments/merge_requests?');
  const second = await fetch(next, { headers: { 'private-token': 'reader' } });
  expect(await second.json()).toHaveLength(50);
  expect(second.headers.get('link')).not.toContain('rel="next"');
  expect(second.headers.get('x-next-page')).toBe('');
  expect((await filled.ask(list)).body).toHaveLength(20);
  expect((await filled.ask(`${list}?page=99`)).body).toEqual([]);
});

test('totals may be missing', async () => {
  filled.gitlab.setSwitch({ name: 'xTotalShown', value: false });
  const { headers } = await filled.ask(list);
  expect(headers.has('x-total') || headers.has('x-total-pages')).toBe(false);
  expect(headers.get('link')).not.toContain('rel="last"');
});

test('parameters with impossible values are 400, unknown ones are ignored', async () => {
  for (const query of ['page=x', 'per_page=0', 'state=done', 'order_by=size', 'sort=up', 'updated_after=yesterday']) {
    const { status } = await filled.ask(`${list}?${query}`);
    expect({ query, status }).toEqual({ query, status: 400 });
  }
  expect((await filled.ask(`${list}?colour=red`)).body).toHaveLength(1);
  expect((await filled.ask('/projects/acme%2Fpayments/merge_requests/x')).status).toBe(400);
});

test('labels are matched exactly, all of them, and a scope by its asterisk', async () => {
  const { gitlab } = filled;
  make(3);
  const label = (iid: number, label: string) => gitlab.addLabel({ project: 'acme/payments', iid, by: 'ana', label });
  label(1, 'security::high');
  label(2, 'security::web::high');
  label(3, 'security::low');
  const found = async (labels: string) => (await titles(`sort=asc&labels=${encodeURIComponent(labels)}`)).length;
  expect(await found('security::*')).toBe(3);
  expect(await found('security::web::*')).toBe(1);
  expect(await found('security::high')).toBe(1);
  expect(await found('Security::High')).toBe(0);
  expect(await found('security::*,backend')).toBe(1);
  expect(await found('None')).toBe(1);
  expect(await found('Any')).toBe(3);
  expect(await titles('not[labels]=backend,security::*')).toEqual(['Change 2']);
  const { body } = await filled.ask(`${list}?labels=security::low&with_labels_details=true`);
  expect(body[0].labels).toMatchObject([{ name: 'security::low' }]);
});

test('scopes exclude each other before the last pair of colons only', async () => {
  const { gitlab } = filled;
  const on = { project: 'acme/payments', iid: 1, by: 'ana' };
  gitlab.addLabel({ ...on, label: 'security::high' });
  gitlab.addLabel({ ...on, label: 'security::web::high' });
  const { labels } = gitlab.addLabel({ ...on, label: 'security::low' });
  expect(labels.map(({ title }) => title)).toEqual(['backend', 'security::web::high', 'security::low']);
});

test('updated_after includes its bound, and merged_after is ignored', async () => {
  const { gitlab, advance, ask } = filled;
  make(1);
  advance(3_600_000);
  const merged = gitlab.merge({ project: 'acme/payments', iid: 1, by: 'mira', anyway: true });
  expect(await titles(`updated_after=${merged.mergedAt}`)).toEqual(['Harden token check']);
  expect(await titles(`updated_before=${merged.mergedAt}&state=merged`)).toEqual(['Harden token check']);
  expect(await titles('merged_after=2030-01-01T00:00:00Z')).toHaveLength(2);
  expect(filled.calls.at(-1)!.fact).toBe('gitlab 6 merged_after ignored');
  gitlab.setSwitch({ name: 'mergedAfterFilters', value: true });
  expect(await titles('merged_after=2030-01-01T00:00:00Z')).toEqual([]);
  expect(await titles('state=merged&order_by=merged_at')).toEqual(['Harden token check']);
  expect((await ask(`${list}?author_username=bo`)).body).toEqual([]);
  expect((await ask(`${list}?merge_user_username=mira&view=simple`)).body[0]).not.toHaveProperty('labels');
});

test('the list of the instance shows one’s own unless all are asked for', async () => {
  expect((await filled.ask('/merge_requests')).body).toEqual([]);
  expect((await filled.ask('/merge_requests?scope=all')).body).toHaveLength(1);
});

test('archived projects are left out of a group’s list, unless they are wanted', async () => {
  filled.gitlab.setProjectSettings({ project: 'acme/payments', archived: true });
  expect(await titles('state=all')).toEqual([]);
  expect(await titles('non_archived=false')).toHaveLength(1);
});

test('keyset pagination is ignored, or refused where the switch says so', async () => {
  expect((await filled.ask(`${list}?pagination=keyset`)).status).toBe(200);
  filled.gitlab.setSwitch({ name: 'keysetOfMergeRequests', value: 'refused' });
  expect((await filled.ask(`${list}?pagination=keyset`)).status).toBe(405);
});

test('notes and label events have pages too', async () => {
  const { gitlab, ask, one } = filled;
  const on = { project: 'acme/payments', iid: 1, by: 'ana' };
  for (let i = 0; i < 60; i++) {
    gitlab.addLabel({ ...on, label: 'security::high' });
    gitlab.removeLabel({ ...on, label: 'security::high' });
    gitlab.note({ ...on, body: `Note ${i}` });
  }
  const events = await ask(`${one}/resource_label_events?per_page=100`);
  expect(events.headers.get('x-next-page')).toBe('2');
  expect((await ask(`${one}/notes?per_page=50&page=2`)).body).toHaveLength(12);
});
