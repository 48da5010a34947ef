import type { Answer, Commit, Version, VersionCommits } from '../../domain/evidence.ts';
import { readOne, type Connection, type Outcome } from './read.ts';
import { commitsOfVersion } from './revisions.ts';

const mostVersions = 20;

export interface ListedRevisions {
  readonly versions: Outcome<readonly Version[]>;
  /** The commits of the last version. */
  readonly commits: Outcome<readonly Commit[]>;
}

/**
 * Reads the commits that later pushes replaced. A version whose head is among the commits already known brings nothing
 * new and is not asked for. They are read one after the other, newest first, because each may spare the next.
 */
export async function readEarlierCommits(
  connection: Connection,
  mergeRequestPath: string,
  { versions, commits }: ListedRevisions,
): Promise<Outcome<readonly VersionCommits[]>> {
  if (!versions.reading.ok) return { reading: versions.reading, answers: [] };
  if (!commits.reading.ok) return { reading: commits.reading, answers: [] };

  const known = new Set(commits.reading.value.map(({ id }) => id));
  const value: VersionCommits[] = [];
  const answers: Answer[] = [];
  for (const { id, headSha } of versions.reading.value.toSorted((a, b) => b.id - a.id)) {
    if (known.has(headSha)) continue;
    if (value.length === mostVersions) return { reading: { ok: false, code: 'too_many', status: null }, answers };
    const version = await readOne(
      connection,
      `version.${id}`,
      `${mergeRequestPath}/versions/${id}`,
      commitsOfVersion(id),
    );
    answers.push(...version.answers);
    if (!version.reading.ok) return { ...version, reading: version.reading, answers };
    value.push({ versionId: id, commits: version.reading.value });
    known.add(headSha);
    for (const commit of version.reading.value) known.add(commit.id);
  }
  return {
    reading: {
      ok: true,
      value,
      observedAt: answers.at(-1)?.observedAt ?? versions.reading.observedAt,
      sha256: [...versions.reading.sha256, ...answers.map(({ sha256 }) => sha256)],
    },
    answers,
  };
}
