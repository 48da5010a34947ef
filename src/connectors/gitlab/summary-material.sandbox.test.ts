import { afterEach, beforeEach, expect, it } from 'vitest';
import { startFilledGitLab, type FilledGitLab } from '../../sandbox/testing/filled-gitlab.ts';
import { base, change, startLocalServer, token } from './local-server.ts';
import { createSummaryReader } from './summary-material.ts';

let filled: FilledGitLab;
beforeEach(async () => {
  filled = await startFilledGitLab();
});
afterEach(() => filled.gitlab.close());

const mr = { project: 'acme/payments', iid: 1 };

function read(timeoutMs = 20_000, token = 'reader') {
  const reader = createSummaryReader({ url: filled.gitlab.url, token });
  return reader.readMaterial({ projectId: 501, iid: 1 }, timeoutMs);
}

it('reads title, description, the size of each file, and what people said, oldest first', async () => {
  const { gitlab } = filled;
  gitlab.note({ ...mr, by: 'bo', body: 'Why a day?' });
  gitlab.note({ ...mr, by: 'ana', body: 'It is what the bank does.' });
  gitlab.approve({ ...mr, by: 'bo' });
  const material = await read();
  expect(material).toMatchObject({ title: 'Harden token check', description: 'Fixes SEC-123', moreFiles: false });
  expect(material.files).toEqual([{ path: expect.any(String), additions: 1, deletions: expect.any(Number) }]);
  expect(material.notes?.map(({ text }) => text)).toEqual(['Why a day?', 'It is what the bank does.']);
  expect(new Set(material.notes?.map(({ author }) => author)).size).toBe(2);
});

it('asks for nothing but reading', async () => {
  await read();
  expect(filled.calls.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
});

it.each(['internal', 'confidential'])('leaves out what is %s', async (field) => {
  filled.gitlab.note({ ...mr, by: 'bo', body: 'Do not show this' });
  filled.faults.add({ vendor: 'gitlab', operation: 'notes', kind: 'altered', set: { [field]: true } });
  expect((await read()).notes).toEqual([]);
});

it.each([
  ['merge_requests/:iid$', { title: null, description: null }],
  ['/diffs', { files: null }],
  ['/notes', { notes: null }],
])('leaves out a part that fails, and only that: %s', async (operation, expected) => {
  for (const kind of ['error_500', 'refuse', 'wrong_json', 'wrong_type', 'reset'] as const) {
    filled.faults.clear();
    filled.faults.add({ vendor: 'gitlab', operation, kind });
    const material = await read();
    expect(material).toMatchObject(expected);
    expect(Object.values(material).filter((part) => part === null)).toHaveLength(Object.keys(expected).length);
  }
});

it('has nothing of what is hidden, and waits no longer than it may', async () => {
  expect(await read(20_000, 'outsider')).toEqual({
    title: null,
    description: null,
    files: null,
    moreFiles: false,
    notes: null,
  });
  filled.faults.add({ vendor: 'gitlab', operation: '/notes', kind: 'commit_then_silence' });
  expect(await read(100)).toMatchObject({ notes: null });
});

it('does not know the size of a file whose lines are not shown', async () => {
  filled.faults.add({ vendor: 'gitlab', operation: '/diffs', kind: 'altered', set: { too_large: true } });
  expect((await read()).files).toMatchObject([{ additions: null, deletions: null }]);
});

it('keeps the newest of many notes', async () => {
  for (let at = 1; at <= 205; at++) filled.gitlab.note({ ...mr, by: 'bo', body: `Note ${at}` });
  const { notes } = await read();
  expect(notes).toHaveLength(200);
  expect(notes?.at(-1)?.text).toBe('Note 205');
});

it('reads so many files, counts their lines, and says when there are more', async () => {
  const server = await startLocalServer();
  try {
    const diff = '@@ -1,3 +1,3 @@\n-old\n+new\n+++ a line that begins so\n kept\n\\ No newline at end of file\n';
    const rows = Array.from({ length: 100 }, (_, at) => ({ old_path: 'a.ts', new_path: `b${at}.ts`, diff }));
    server.set(`${base}/diffs`, (query) => ({
      headers: { 'x-next-page': String(Number(query.get('page') ?? 1) + 1) },
      body: JSON.stringify(rows),
    }));
    const material = await createSummaryReader({ url: server.url, token }).readMaterial(change, 20_000);
    expect(material.files).toHaveLength(300);
    expect(material.files?.[7]).toEqual({ path: 'a.ts → b7.ts', additions: 2, deletions: 1 });
    expect(material.moreFiles).toBe(true);
  } finally {
    await server.close();
  }
});
