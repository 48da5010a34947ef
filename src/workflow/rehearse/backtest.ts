import { isConnectorError } from '../../connectors/errors.ts';
import type { ListedPlace, ListMerged, MergedRow } from '../../connectors/gitlab/list-merged.ts';
import { readable } from '../../domain/text.ts';
import { mapAtMost } from '../map-at-most.ts';
import { findMerges, type FoundMerges, type Period } from './find-merged.ts';
import type { RehearsalParts } from './parts.ts';
import type { Patience } from './patience.ts';
import { readTarget, readTickets, type ReadChange, type Target } from './read-change.ts';
import { rehearseChange, type Rehearsed } from './rehearse-change.ts';

export interface BacktestParts extends RehearsalParts {
  readonly listMerged: ListMerged;
  readonly patience: Patience;
}

export interface BacktestRequest extends Period {
  readonly places: readonly ListedPlace[];
  /** The newest so many; all where not given. */
  readonly limit?: number | undefined;
  readonly onFound?: (found: number) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

type Unread = {
  readonly kind: 'unread';
  readonly row: MergedRow;
  readonly code: string;
  readonly message: string;
};

/** How one merge request came out, or why it could not be read. */
export type BacktestLine =
  | ({ readonly kind: 'judged'; readonly row: MergedRow } & Pick<Rehearsed, 'verdict' | 'pod' | 'recordId'>)
  /** Its label came after the merge: its merge would not have been taken up. */
  | { readonly kind: 'out_of_scope'; readonly row: MergedRow; readonly reason: string }
  | Unread;

export interface Backtested extends Period, Omit<FoundMerges, 'rows'> {
  readonly found: number;
  /** Newest first. */
  readonly lines: readonly BacktestLine[];
}

const changesAtOnce = 4;
// Linear is asked for the issues of so many changes in one document.
const batchSize = 20;

/** Runs everything that was merged in a period through the pipeline's code, and has no effect. */
export async function backtest(parts: BacktestParts, request: BacktestRequest): Promise<Backtested> {
  const { places, limit, onFound = () => undefined, onProgress = () => undefined, from, until } = request;
  const { rows: found, ...told } = await findMerges(parts, places, { from, until }, onFound);
  const rows = found.slice(0, limit ?? found.length);

  const lines: BacktestLine[] = [];
  let done = 0;
  const hear = (): void => onProgress(++done, rows.length);
  for (let at = 0; at < rows.length; at += batchSize) {
    lines.push(...(await runBatch(parts, rows.slice(at, at + batchSize), hear)));
  }
  return { from, until, found: found.length, lines, ...told };
}

async function runBatch(parts: BacktestParts, rows: readonly MergedRow[], onDone: () => void): Promise<BacktestLine[]> {
  const read = await mapAtMost(changesAtOnce, rows, async (row): Promise<ReadRow> => {
    try {
      return { kind: 'read', row, read: await parts.patience(() => readTarget(parts, targetOf(row))) };
    } catch (error) {
      return unreadOf(row, error);
    }
  });
  const shown = read.flatMap((one) => (one.kind === 'read' ? [one.read] : []));
  const tickets = await readTickets(parts, shown, parts.patience);
  return mapAtMost(changesAtOnce, read, async (one) => {
    const line = one.kind === 'read' ? await judgeOne(parts, one, tickets) : one;
    onDone();
    return line;
  });
}

type ReadRow = { readonly kind: 'read'; readonly row: MergedRow; readonly read: ReadChange } | Unread;

async function judgeOne(
  parts: BacktestParts,
  { row, read }: Extract<ReadRow, { kind: 'read' }>,
  tickets: Awaited<ReturnType<typeof readTickets>>,
): Promise<BacktestLine> {
  if (read.outOfScope !== null) return { kind: 'out_of_scope', row, reason: read.outOfScope };
  try {
    const ticket = tickets.get(read.change.id) ?? { kind: 'none' };
    const { verdict, pod, recordId } = await rehearseChange(parts, read, { ticket, rowUrl: null });
    return { kind: 'judged', row, verdict, pod, recordId };
  } catch (error) {
    return unreadOf(row, error);
  }
}

// One change that cannot be read is no reason to say nothing of the others.
function unreadOf(row: MergedRow, error: unknown): Unread {
  const message = readable(error instanceof Error ? error.message : String(error), 300);
  return { kind: 'unread', row, code: isConnectorError(error) ? error.code : 'internal', message };
}

function targetOf({ projectId, iid, projectPath, webUrl }: MergedRow): Target {
  const projectUrl = webUrl.replace(/(?:\/-)?\/merge_requests\/\d+$/, '');
  return { key: { projectId, iid }, project: { id: projectId, path: projectPath, webUrl: projectUrl } };
}
