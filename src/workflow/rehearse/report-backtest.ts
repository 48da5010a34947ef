import { checks as allChecks } from '../../domain/checks/checks.ts';
import { shortfallOf } from '../../domain/shortfall.ts';
import type { CheckResult, Overall } from '../../domain/verdict.ts';
import type { Backtested, BacktestLine } from './backtest.ts';

/** What `countersign backtest --json` prints. Keys may be added, none renamed. */
export interface BacktestReport {
  readonly from: string;
  readonly to: string;
  readonly found: number;
  readonly verdicts: Readonly<Record<Overall, number>>;
  readonly checks: readonly CheckSummary[];
  readonly changes: readonly ChangeLine[];
  /** How many of those found were left out by the limit, could not be read, or had their label only after the merge. */
  readonly left_out: number;
  readonly unread: number;
  readonly out_of_scope: number;
  readonly not_watched: number;
  readonly unread_places: Backtested['unread'];
}

export interface CheckSummary {
  readonly id: string;
  readonly name: string;
  readonly blocking: boolean;
  readonly verdicts: Readonly<Record<CheckResult['verdict'], number>>;
  /** Why it did not pass, the most frequent reason first. */
  readonly reasons: readonly {
    readonly verdict: CheckResult['verdict'];
    readonly reason: string;
    readonly sentence: string;
    readonly count: number;
  }[];
}

export interface ChangeLine {
  readonly project: string;
  readonly iid: number;
  readonly title: string;
  readonly web_url: string;
  readonly merged_at: string | null;
  /** Null where it was not judged. */
  readonly verdict: Overall | null;
  readonly pod: string | null;
  /** What kept it from passing, what failed first. */
  readonly reasons: readonly Pick<CheckResult, 'id' | 'verdict' | 'reason' | 'sentence'>[];
  readonly out_of_scope: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** A backtest as it is reported. */
export function reportBacktest(tested: Backtested): BacktestReport {
  const { from, until, found, lines, notWatched, unread } = tested;
  const judged = lines.filter((line) => line.kind === 'judged');
  const having = (overall: Overall): number => judged.filter(({ verdict }) => verdict.overall === overall).length;
  return {
    from: from.toISOString(),
    to: until.toISOString(),
    found,
    verdicts: { pass: having('pass'), fail: having('fail'), undetermined: having('undetermined') },
    checks: allChecks.flatMap(({ id }) =>
      summaryOf(judged.flatMap(({ verdict }) => verdict.checks.filter((check) => check.id === id))),
    ),
    changes: lines.map(lineOf),
    left_out: found - lines.length,
    unread: lines.filter(({ kind }) => kind === 'unread').length,
    out_of_scope: lines.filter(({ kind }) => kind === 'out_of_scope').length,
    not_watched: notWatched,
    unread_places: unread,
  };
}

/** True where everything that was looked for could be read: otherwise the counts say less than they seem to. */
export function isComplete({
  unread,
  unread_places: places,
}: Pick<BacktestReport, 'unread' | 'unread_places'>): boolean {
  return unread === 0 && places.length === 0;
}

function summaryOf(results: readonly CheckResult[]): CheckSummary[] {
  const [first] = results;
  if (first === undefined) return [];
  const { id, name, blocking } = first;
  const having = (verdict: CheckResult['verdict']): number => results.filter((one) => one.verdict === verdict).length;
  const short = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'undetermined');
  const reasons = [...Map.groupBy(short, ({ verdict, reason }) => `${verdict} ${reason}`).values()].map((same) => {
    const { verdict, reason, sentence } = same[0]!;
    return { verdict, reason, sentence, count: same.length };
  });
  return [
    {
      id,
      name,
      blocking,
      verdicts: {
        pass: having('pass'),
        fail: having('fail'),
        undetermined: having('undetermined'),
        not_applicable: having('not_applicable'),
      },
      reasons: reasons.toSorted((one, other) => other.count - one.count || (one.reason < other.reason ? -1 : 1)),
    },
  ];
}

function lineOf(line: BacktestLine): ChangeLine {
  const { row } = line;
  return {
    project: row.projectPath,
    iid: row.iid,
    title: row.title,
    web_url: row.webUrl,
    merged_at: row.mergedAt,
    verdict: line.kind === 'judged' ? line.verdict.overall : null,
    pod: line.kind === 'judged' ? line.pod : null,
    reasons:
      line.kind === 'judged'
        ? shortfallOf({ checks: [...line.verdict.checks] }).map(({ id, verdict, reason, sentence }) => ({
            id,
            verdict,
            reason,
            sentence,
          }))
        : [],
    out_of_scope: line.kind === 'out_of_scope' ? line.reason : null,
    error: line.kind === 'unread' ? { code: line.code, message: line.message } : null,
  };
}
