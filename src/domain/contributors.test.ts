import { describe, expect, test } from 'vitest';
import { authorIdOf, contributorsOf, isContributor } from './contributors.ts';
import { ana, bo, mira } from './fixtures/change.ts';
import { at, carl, commit, line, note, read, recordOf, unread, type RecordChanges } from './fixtures/record.ts';

const nobody = { identities: [] };
const contributors = (changes: RecordChanges, policy: Parameters<typeof contributorsOf>[1] = nobody) =>
  contributorsOf(recordOf(changes), policy);
const ids = (changes: RecordChanges) => [...contributors(changes).ids].toSorted((left, right) => left - right);
const mapped = read([
  { email: 'ana@acme.example', userId: ana.id, by: 'commit_author' },
  { email: 'bo@acme.example', userId: bo.id, by: 'public_email' },
  { email: 'carl@acme.example', userId: carl.id, by: 'private_address' },
] as const);

describe('a hand in the change has', () => {
  test('its author, though every commit is by others', () => {
    const byBo = { identities: mapped, commits: read([commit('bo@acme.example')]) };
    expect(ids({ notes: [], evidence: byBo })).toEqual([ana.id, bo.id]);
  });

  test('who wrote a commit and who committed it', () => {
    const commits = read([commit('Bo@Acme.example', 'carl@acme.example')]);
    expect(ids({ evidence: { identities: mapped, commits } })).toEqual([ana.id, bo.id, carl.id]);
  });

  test('who wrote what a later push replaced', () => {
    const earlierCommits = read([{ versionId: 21, commits: [commit('bo@acme.example')] }]);
    expect(ids({ evidence: { identities: mapped, earlierCommits } })).toEqual([ana.id, bo.id]);
  });

  test('who pushed, by a hook or by a note; not who only did something else', () => {
    const journal = [
      line('update', at('10:00:00'), { userId: carl.id, oldRev: '0f0e' }),
      line('update', at('10:30:00'), { userId: mira.id }),
    ];
    expect(ids({ journal })).toEqual([ana.id, carl.id]);
    const notes = [note('added 1 commit', bo, at('10:00:00'), 1), note('marked as draft', mira, at('10:30:00'), 2)];
    expect(ids({ notes })).toEqual([ana.id, bo.id]);
  });

  test('whom the policy names for an address that GitLab does not map, without regard to case', () => {
    const changes = { evidence: { commits: read([commit('b.chen@home.example')]) } };
    const own = { identities: [{ username: 'BChen', id: null, emails: ['B.Chen@Home.example'] }] };
    expect(contributors(changes, own)).toMatchObject({ ids: new Set([ana.id, bo.id]), unmapped: 0 });
  });

  test('nobody by an address of the server itself', () => {
    const commits = read([
      commit('ana@acme.example', 'noreply@gitlab.example'),
      commit('ana@acme.example', 'noreply@gitlab.com'),
    ]);
    expect(contributors({ evidence: { commits } })).toEqual({ ids: new Set([ana.id]), unmapped: 0, missing: null });
  });

  test('perhaps anybody by an author who hides behind the address of the server', () => {
    const commits = read([commit('noreply@gitlab.com', 'ana@acme.example')]);
    expect(contributors({ evidence: { commits } })).toMatchObject({ ids: new Set([ana.id]), unmapped: 1 });
  });

  test('perhaps anybody by the same address of another server', () => {
    const commits = read([commit('ana@acme.example', 'noreply@elsewhere.example')]);
    expect(contributors({ evidence: { commits } })).toMatchObject({ ids: new Set([ana.id]), unmapped: 1 });
  });
});

test('GitLab’s own mapping of an address is taken before the policy’s', () => {
  const own = { identities: [{ username: 'bchen', id: null, emails: ['ana@acme.example'] }] };
  expect([...contributors({}, own).ids]).toEqual([ana.id]);
});

test('an address counts once, however many commits have it, and leaves everybody else in doubt', () => {
  const commits = read([commit('who@elsewhere.example'), commit('WHO@elsewhere.example')]);
  const found = contributors({ evidence: { commits } });
  expect(found.unmapped).toBe(1);
  expect(isContributor(bo.id, found)).toEqual({ is: 'unknown', why: 'unmapped_commit_identity' });
  expect(isContributor(ana.id, found).is).toBe('yes');
});

test.each([
  ['only by a name that nobody here has, which may be misspelt', null, 'unknown'],
  ['by number, is that person’s, who is not here', 99, 'no'],
  ['by number, is that person’s, whatever they are called now', bo.id, 'yes'],
] as const)('an address that the policy gives to somebody %s', (_, id, is) => {
  const commits = read([commit('left@acme.example')]);
  const own = { identities: [{ username: 'bchne', id, emails: ['left@acme.example'] }] };
  expect(isContributor(bo.id, contributors({ evidence: { commits } }, own)).is).toBe(is);
});

test('behind a name that was erased may be the one whom the policy names', () => {
  const erased = { ...bo, username: `erased:${'0'.repeat(64)}` };
  const changes = {
    approvedBy: [[erased, at('13:59:40')]],
    event: { reviewers: [] },
    evidence: { commits: read([commit('bo@home.example')]), reviewers: read([]), people: [] },
  } as const;
  const own = { identities: [{ username: 'bchen', id: null, emails: ['bo@home.example'] }] };
  expect(isContributor(bo.id, contributors(changes, own))).toEqual({ is: 'unknown', why: 'unmapped_commit_identity' });
});

test.each([
  ['commits', 'commits_timeout'],
  ['earlierCommits', 'earlier_commits_timeout'],
  ['identities', 'identities_timeout'],
  ['notes', 'notes_timeout'],
])('without the %s somebody may be missing', (part, why) => {
  const found = contributors({ evidence: { [part]: unread('timeout') } });
  expect(isContributor(bo.id, found)).toEqual({ is: 'unknown', why });
});

test('no commits at all is not taken for nobody', () => {
  expect(contributors({ evidence: { commits: read([]) } }).missing).toBe('no_commits_shown');
});

describe('the author', () => {
  test('is whom the merge request shows', () => {
    expect(authorIdOf(recordOf({ event: { authorId: 99 } }))).toBe(ana.id);
  });

  test('is whoever opened it, where the ghost had taken their place before the merge', () => {
    const ghost = { mergeRequest: { author: { ...ana, id: 1, username: 'ghost' } }, event: { authorId: 1 } };
    expect(authorIdOf(recordOf({ ...ghost, journal: [line('open', at('12:00:00'), { userId: ana.id })] }))).toBe(
      ana.id,
    );
    expect(authorIdOf(recordOf({ ...ghost, journal: [] }))).toBeNull();
  });

  test('is whom the hook named, once GitLab shows its ghost or nothing', () => {
    expect(authorIdOf(recordOf({ mergeRequest: { author: { ...ana, id: 1, username: 'ghost' } } }))).toBe(ana.id);
    expect(authorIdOf(recordOf({ evidence: { mergeRequest: unread('not_found') } }))).toBe(ana.id);
  });

  test('is unknown where neither names one', () => {
    expect(authorIdOf(recordOf({ mergeRequest: { author: null }, event: { authorId: null } }))).toBeNull();
  });
});
