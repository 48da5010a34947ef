import { type OpenCheckpoint, openCheckpoint } from '../checkpoint.ts';
import { decodeText, equalBytes } from '../encoding.ts';
import { type Leaf } from '../leaf.ts';
import { type TrustedKey } from '../note.ts';
import { type Primitives } from '../primitives.ts';
import { type LogSource } from './host.ts';
import { type Failure, failureOf, type LogReport, type Since } from './report.ts';
import { type EarlierHead, isRootOf, parseEarlierHead } from './since.ts';
import { type Walk, walkLog } from './walk-log.ts';

export interface VerifyLogOptions {
  readonly trustedKeys: readonly TrustedKey[];
  /** The log that is expected. Without it, whichever log a trusted key speaks for. */
  readonly origin?: string | undefined;
  /** An earlier head: a signed note, or its short form `<size>:<first 16 characters of the root in base64>`. */
  readonly since?: string | undefined;
  /** Further earlier heads, signed notes all of them, by the files that they come from. */
  readonly earlier?: ReadonlyMap<string, string> | undefined;
  readonly onProgress?: ((entries: number, size: number) => void) | undefined;
  /** Each leaf in order, and its hash, before it is known whether the log as a whole holds. */
  readonly onLeaf?: ((index: number, leaf: Leaf, hash: Uint8Array) => void) | undefined;
}

const sinceFile = '(since)';

/**
 * Verifies a whole log: its head is signed, its entries are those under the head, its tiles are those of its entries, and
 * it begins with an earlier head. Faults of the log are in the report, never thrown; what `source` throws is.
 */
export async function verifyLog(p: Primitives, source: LogSource, options: VerifyLogOptions): Promise<LogReport> {
  const failures: Failure[] = [];
  const note = await source.read('checkpoint');
  if (note === undefined) {
    return reportOf([{ file: 'checkpoint', code: 'file_missing', message: 'The log has no head' }]);
  }
  let head: OpenCheckpoint;
  try {
    head = openHead(p, note, options);
  } catch (error) {
    return reportOf([failureOf('checkpoint', error)]);
  }

  const kept = new Map<string, EarlierHead>();
  for (const [file, text] of [
    ...(options.since === undefined ? [] : [[sinceFile, options.since] as const]),
    ...(options.earlier ?? []),
  ]) {
    try {
      kept.set(file, parseEarlierHead(p, text, options.trustedKeys, head.origin));
    } catch (error) {
      failures.push(failureOf(file, error));
    }
  }

  const { onProgress, onLeaf } = options;
  const rootsAt = new Set([...kept.values()].map(({ size }) => size));
  const walk = await walkLog(p, source, { size: head.size, rootsAt, onProgress, onLeaf });
  const found = failureOfWalk(walk, head);
  if (found !== undefined) failures.push(found);
  let since: Since | undefined;
  for (const [file, earlier] of kept) {
    const fault = faultOf(earlier, head, walk);
    if (fault !== undefined) failures.push({ file, ...fault });
    if (file === sinceFile) since = { size: earlier.size, holds: fault === undefined };
  }
  return reportOf(failures, head, since);
}

/** The signed head of a log; its first line says which log it is of where nobody expects a certain one. */
export function openHead(
  p: Primitives,
  note: Uint8Array,
  { trustedKeys, origin }: Pick<VerifyLogOptions, 'trustedKeys' | 'origin'>,
): OpenCheckpoint {
  const text = decodeText(note);
  return openCheckpoint(p, text, trustedKeys, origin ?? text.slice(0, Math.max(0, text.indexOf('\n'))));
}

function failureOfWalk(walk: Walk, head: OpenCheckpoint): Failure | undefined {
  const { root, difference } = walk;
  const holds = root !== undefined && equalBytes(root, head.root);
  if (difference !== undefined) {
    const { entry, bundle, tile } = difference;
    return holds
      ? { file: tile, code: 'bad_tile', message: `The tile has another hash for entry ${entry}`, entry }
      : { file: bundle, code: 'entry_changed', message: `Entry ${entry} is not the one that was sealed`, entry };
  }
  if (walk.failure !== undefined) return walk.failure;
  if (holds) return undefined;
  return { file: 'checkpoint', code: 'inconsistent', message: 'The entries do not lead to the root of the head' };
}

/** What is wrong with a log of which somebody kept an earlier head. */
function faultOf(earlier: EarlierHead, head: OpenCheckpoint, walk: Walk): Omit<Failure, 'file'> | undefined {
  const { size } = earlier;
  const root = walk.roots.get(size);
  if (size > head.size) {
    return { code: 'rolled_back', message: `The log had ${size} entries and has ${head.size}` };
  }
  if (root === undefined) {
    const code = walk.failure?.code ?? 'entry_missing';
    return { code, message: `The log could not be read up to ${size} entries` };
  }
  if (isRootOf(earlier, root)) return undefined;
  return { code: 'inconsistent', message: `The first ${size} entries are not those of the earlier head` };
}

function reportOf(failures: readonly Failure[], head?: OpenCheckpoint, since?: Since): LogReport {
  return { ok: failures.length === 0, head, failures, since };
}
