import type { CheckResult, Overall, Verdict } from './verdict.ts';

/** What holds for a change that no check has judged: what has not been judged has not passed. */
export const notJudged: Verdict = { overall: 'undetermined', checks: [] };

/** The colour in which people see a verdict. */
export const verdictColours = { pass: 'green', undetermined: 'amber', fail: 'red' } as const satisfies Readonly<
  Record<Overall, string>
>;

/** The blocking checks that keep a verdict from passing: what failed before what is missing. */
export function shortfallOf({ checks }: Pick<Verdict, 'checks'>): CheckResult[] {
  const blocking = checks.filter((check) => check.blocking);
  return [
    ...blocking.filter(({ verdict }) => verdict === 'fail'),
    ...blocking.filter(({ verdict }) => verdict === 'undetermined'),
  ];
}

/** Why each check of the shortfall did not pass, a line for each; for a verdict without one, what that means. */
export function shortfallLines(verdict: Verdict): string[] {
  if (verdict.overall === 'pass') return [];
  const lines = shortfallOf(verdict).map(({ id, sentence }) => `${id} ${sentence}`);
  if (lines.length > 0) return lines;
  return [verdict.checks.length === 0 ? 'not judged yet' : 'no blocking check applies'];
}
