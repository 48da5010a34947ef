import {
  changeFolder,
  indexHeader,
  indexLine,
  packFiles,
  policyPath,
  signPack,
  statementStem,
  type PackScope,
} from '@countersign/ledger';
import { randomUUID } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Database } from '../storage/database.ts';
import type { LogKeeper } from '../storage/keeper.ts';
import { brokenLog } from '../storage/ledger.ts';
import { createProver } from '../storage/log-proofs.ts';
import { readStatementEntries } from '../storage/packed-entries.ts';
import { readAnswerBodies, readDeliveryBodies } from '../storage/packed-sources.ts';
import { readPolicy } from '../storage/verdicts.ts';
import { createPackArchive, type PackArchive } from './pack/archive.ts';
import { changeFiles, countErased } from './pack/change-files.ts';
import { openChanges } from './pack/open-changes.ts';
import { keyFiles, logFiles, openPackHead, stampFiles, type PackHead } from './pack/pack-log.ts';
import { packReadme } from './pack/readme.ts';
import { sealFiles, type PackFile, type SealParts } from './pack/sealed-files.ts';
import { select, type PackChoice, type Selection } from './pack/selection.ts';
import { createZipWriter } from './pack/zip-writer.ts';

export interface PackParts {
  readonly database: Pick<Database, 'db'>;
  readonly keeper: LogKeeper;
  readonly now: () => Date;
  /** Name and version of what makes the pack. */
  readonly product: string;
}

export interface PackRequest {
  readonly choice: PackChoice;
  /** Where the pack goes. A file that is there is replaced once the pack is whole. */
  readonly file: string;
  readonly onProgress?: ((changes: number, of: number) => void) | undefined;
}

/** A pack that was written. */
export interface WrittenPack {
  readonly file: string;
  readonly bytes: number;
  /** Of the file, in hex. */
  readonly sha256: string;
  readonly changes: number;
  readonly scope: PackScope;
  readonly head: { readonly origin: string; readonly size: number; readonly root: Uint8Array };
}

/** What is told of the changes in a pack. */
interface Contents {
  readonly lines: string[];
  readonly policies: Set<string>;
  readonly verdicts: Map<string, number>;
  erased: number;
}

/**
 * Writes a pack of what is sealed now, for an auditor. Changes are read some at a time. Throws `PackError` for what is not
 * there to be packed, and `StorageError` with `log_broken` where something that was sealed is missing.
 */
export async function writePack(parts: PackParts, request: PackRequest): Promise<WrittenPack> {
  const { db } = parts.database;
  const head = await openPackHead(db, parts.keeper);
  const selection = await select(db, parts.keeper.primitives, request.choice, head.size);
  const { file } = request;
  const draft = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  const handle = await open(draft, 'wx');
  try {
    const archive = createPackArchive(createZipWriter(handle));
    const changes = await fillPack(parts, { head, selection, archive, onProgress: request.onProgress });
    const { origin, size, root } = head;
    const statement = {
      at: parts.now().toISOString(),
      product: parts.product,
      head: { origin, size, root },
      changes,
      scope: selection.scope,
    };
    const { primitives, signer } = parts.keeper;
    const written = await archive.finish((sums) => signPack(primitives, statement, sums, signer));
    await handle.sync();
    await handle.close();
    await rename(draft, file);
    return { file, ...written, changes, scope: selection.scope, head: statement.head };
  } catch (error) {
    await handle.close().catch(() => undefined);
    await unlink(draft).catch(() => undefined);
    throw error;
  }
}

async function fillPack(
  parts: PackParts,
  pack: {
    readonly head: PackHead;
    readonly selection: Selection;
    readonly archive: PackArchive;
    readonly onProgress: PackRequest['onProgress'];
  },
): Promise<number> {
  const { database, keeper } = parts;
  const { db } = database;
  const { head, selection, archive } = pack;
  const seals = { primitives: keeper.primitives, note: head.note, keysFor: head.history.keysFor };
  const contents = await addChanges(parts, seals, pack);

  for (const one of keyFiles(keeper, head)) await archive.add(...one);
  for await (const one of logFiles(db, head)) await archive.add(...one);
  for await (const one of stampFiles(db, head)) await archive.add(...one);
  for await (const one of statementFiles(parts, seals, head.size)) await archive.add(...one);
  for (const digest of [...contents.policies].toSorted()) {
    const text = await readPolicy(db, digest);
    if (text === undefined) throw brokenLog(`the policy ${digest} is missing, by which a verdict was made`);
    await archive.add(policyPath(digest), Buffer.from(text));
  }
  const { population, sample } = selection;
  if (population !== undefined) await archive.add(packFiles.population, population);
  if (sample !== undefined) await archive.add(packFiles.sample, Buffer.from(sample));
  await archive.add(packFiles.index, Buffer.from(indexHeader + contents.lines.join('')));
  const changes = contents.lines.length;
  const readme = packReadme(keeper.primitives, {
    at: parts.now(),
    product: parts.product,
    scope: selection.scope,
    head,
    changes,
    verdicts: contents.verdicts,
    erased: contents.erased,
  });
  await archive.add(packFiles.readme, Buffer.from(readme));
  return changes;
}

async function addChanges(
  { database: { db }, keeper }: PackParts,
  seals: SealParts,
  { head, selection, archive, onProgress }: Parameters<typeof fillPack>[1],
): Promise<Contents> {
  const contents: Contents = { lines: [], policies: new Set(), verdicts: new Map(), erased: 0 };
  const prover = createProver(db, keeper.primitives, head.size);
  for await (const page of openChanges(db, selection.places, head.size)) {
    const proofs = await prover.prove(page.flatMap(({ indexes }) => indexes));
    for (const { changeId, change } of page) {
      const sources = {
        answers: await readAnswerBodies(db, changeId),
        deliveries: await readDeliveryBodies(db, changeId),
      };
      await archive.addFolder(changeFolder(change.id), changeFiles(seals, change, sources, proofs));
      contents.lines.push(indexLine(change.row));
      for (const policy of change.policies) contents.policies.add(policy);
      contents.verdicts.set(change.row.verdict, (contents.verdicts.get(change.row.verdict) ?? 0) + 1);
      contents.erased += countErased(change);
      onProgress?.(contents.lines.length, selection.count);
    }
  }
  return contents;
}

const pageSize = 100;

async function* statementFiles(
  { database: { db }, keeper }: PackParts,
  seals: SealParts,
  size: number,
): AsyncGenerator<PackFile> {
  const prover = createProver(db, keeper.primitives, size);
  for (let after = -1; ;) {
    const page = await readStatementEntries(db, { after, size }, pageSize);
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.index;
    const proofs = await prover.prove(page.map(({ index }) => index));
    for (const entry of page) yield* sealFiles(seals, statementStem(entry.index), entry, proofs.get(entry.index) ?? []);
  }
}
