import {
  envelopeKeyId,
  formatKeys,
  keyHistory,
  keyPath,
  logFolder,
  openCheckpoint,
  packFiles,
  publicKeyPem,
  tilePath,
  tileWidth,
  widthOfTile,
  type BundleAddress,
  type KeyHistory,
  type OpenCheckpoint,
  type TileAddress,
} from '@countersign/ledger';
import type { Kysely } from 'kysely';
import type { LogKeeper } from '../../storage/keeper.ts';
import { StorageError } from '../../storage/errors.ts';
import { assertKeeper, brokenLog, readHead } from '../../storage/ledger.ts';
import { readLogFile } from '../../storage/log-files.ts';
import { readKeyDocuments } from '../../storage/signing-keys.ts';
import type { Tables } from '../../storage/tables.ts';
import { listStamps, readNote, readStamp } from '../../storage/timestamps.ts';
import { PackError } from './errors.ts';
import type { PackFile } from './sealed-files.ts';

/** The head that a pack is made for, and who signed what below it. */
export interface PackHead extends OpenCheckpoint {
  readonly note: string;
  readonly history: KeyHistory;
}

/**
 * The newest head, with the keys that the log names below it. Whatever is sealed while a pack is written is not in it. Throws
 * `log_empty`, and as `assertKeeper`, `keyHistory` and `openCheckpoint` throw.
 */
export async function openPackHead(db: Kysely<Tables>, keeper: LogKeeper): Promise<PackHead> {
  await assertKeeper(db, keeper);
  const { primitives: p, signer } = keeper;
  const head = await readHead(db);
  if (head === undefined) throw new PackError('log_empty', 'Nothing has been sealed yet');
  const statements = (await readKeyDocuments(db)).filter(({ index }) => index < head.size);
  const history = keyHistory(p, statements, [signer]);
  if (!Buffer.from(history.newest.publicKey).equals(signer.publicKey)) {
    throw new StorageError('key_rotated', 'The key was changed meanwhile: try again');
  }
  const opened = openCheckpoint(p, head.note, [history.newest], signer.name);
  return { ...opened, note: head.note, history };
}

/** The keys of a log, in both forms. */
export function keyFiles({ primitives: p }: LogKeeper, { history }: PackHead): PackFile[] {
  return [
    [packFiles.keys, formatKeys(p, history.keys)],
    ...history.keys.map(({ publicKey }): PackFile => {
      return [keyPath(envelopeKeyId(p, publicKey)), Buffer.from(publicKeyPem(publicKey))];
    }),
  ];
}

/** The log at a head: the head, and all its tiles and bundles. */
export async function* logFiles(db: Kysely<Tables>, { size, note }: PackHead): AsyncGenerator<PackFile> {
  yield [packFiles.checkpoint, Buffer.from(note)];
  for (const address of addressesOf(size)) {
    const bytes = await readLogFile(db, address);
    if (bytes === undefined) throw brokenLog(`${tilePath(address)} is missing`);
    yield [`${logFolder}${tilePath(address)}`, bytes];
  }
}

function* addressesOf(size: number): Generator<TileAddress | BundleAddress> {
  for (const level of ['entries', 0, 1, 2, 3, 4, 5, 6] as const) {
    for (let index = 0; ; index++) {
      const width = widthOfTile(level, index, size);
      if (width === 0) break;
      yield level === 'entries' ? { level, index, width } : { level, index, width };
      if (width < tileWidth) break;
    }
  }
}

/** The stamps of heads up to this one, each with the head that was stamped. */
export async function* stampFiles(db: Kysely<Tables>, head: PackHead): AsyncGenerator<PackFile> {
  for (const { size } of await listStamps(db)) {
    if (size > head.size) continue;
    const [stamp, note] = [await readStamp(db, size), await readNote(db, size)];
    if (stamp === undefined || note === undefined) continue;
    yield [`timestamps/${size}.tsr`, stamp];
    yield [`timestamps/${size}.checkpoint`, Buffer.from(note)];
  }
}
