import { readable } from '../compose.ts';
import type { BacktestReport, TryReport } from '../compose/rehearsal.ts';
import { describeVerdict, type Paint } from './describe-change.ts';
import { line } from './terminal-text.ts';

/** One rehearsed change in sections: the verdict, what else did not pass, the row, the message, and what to know of it. */
export function describeTry(report: TryReport, paint: Paint): string[] {
  const { change, verdict, message, row, notes, pod } = report;
  const advice = verdict.checks.filter(
    (check) => !check.blocking && (check.verdict === 'fail' || check.verdict === 'undetermined'),
  );
  const widest = Math.max(0, ...row.map(({ heading }) => line(heading).length));
  return [
    `${line(change.project)}!${change.iid}  ${line(change.title)}`,
    `merged ${change.merged_at ?? 'at an unknown time'}, ${report.in_scope ? 'in scope' : paint('yellow', 'not in scope')}, record ${report.record_id}`,
    '',
    ...describeVerdict(report, paint),
    ...(advice.length === 0 ? [] : ['', 'Advisory, without weight in the verdict:']),
    ...advice.map(({ id, verdict: found, name, sentence }) => `  ${id}  ${name}: ${line(sentence)} (${found})`),
    '',
    'The row as it would stand:',
    ...row.flatMap(({ heading, text }) => {
      const [first = '', ...more] = text.split('\n').map(line);
      return [`  ${line(heading).padEnd(widest)}  ${first}`, ...more.map((one) => `  ${' '.repeat(widest)}  ${one}`)];
    }),
    '',
    `The message as it would look, in ${line(message.channel)} (${pod === null ? 'no pod matches' : `pod ${line(pod)}`}):`,
    ...message.text.split('\n').map((one) => `  ${longLine(one)}`),
    '',
    ...notes.map((note) => paint('dim', `Note: ${longLine(note)}`)),
    'Nothing was written anywhere.',
  ];
}

// A message is longer than what a line of a table may be.
function longLine(text: string): string {
  return readable(text, 4000);
}

const verdictStyles = { pass: 'green', undetermined: 'yellow', fail: 'red' } as const;
const mostReasons = 2;

/** A table of what was merged, and below it how often each check did not pass, and why. */
export function describeBacktest(report: BacktestReport, paint: Paint): string[] {
  const { changes, checks, verdicts } = report;
  const names = changes.map(({ project, iid }) => `${line(project)}!${iid}`);
  const widest = Math.max(0, ...names.map(({ length }) => length));
  const short = checks.filter(({ reasons }) => reasons.length > 0);
  return [
    ...changes.map((change, index) => {
      const word = wordOf(change);
      const painted =
        change.verdict === null ? paint('dim', word.padEnd(12)) : paint(verdictStyles[change.verdict], word.padEnd(12));
      return `${names[index]!.padEnd(widest)}  ${(change.merged_at ?? '').slice(0, 16).replace('T', ' ').padEnd(16)}  ${painted}  ${whyOf(change)}`.trimEnd();
    }),
    ...(changes.length === 0 ? [] : ['']),
    ...short.flatMap(({ id, name, blocking, reasons }) => [
      `${id}  ${name}${blocking ? '' : ' (advisory)'}`,
      ...reasons.map(
        ({ verdict, reason, sentence, count }) =>
          `  ${String(count).padStart(5)}  ${verdict}  ${reason}: ${line(sentence)}`,
      ),
    ]),
    ...(short.length === 0 ? [] : ['']),
    `${verdicts.pass} pass, ${verdicts.fail} fail, ${verdicts.undetermined} undetermined; ${report.found} found from ${report.from} until ${report.to}.`,
    ...remarksOf(report),
    'Nothing was written anywhere.',
  ];
}

function wordOf({ verdict, error }: BacktestReport['changes'][number]): string {
  if (verdict !== null) return verdict.toUpperCase();
  return error === null ? 'not in scope' : 'not read';
}

function whyOf({ reasons, error, out_of_scope: outOfScope }: BacktestReport['changes'][number]): string {
  if (error !== null) return `${line(error.message)} (${error.code})`;
  if (outOfScope !== null) return 'had no label in scope when it was merged';
  const more = reasons.length > mostReasons ? ` (and ${reasons.length - mostReasons} more)` : '';
  return (
    reasons
      .slice(0, mostReasons)
      .map(({ id, sentence }) => `${id} ${line(sentence)}`)
      .join(' ') + more
  );
}

function remarksOf(report: BacktestReport): string[] {
  const { left_out: leftOut, unread, out_of_scope: outOfScope, not_watched: notWatched } = report;
  return [
    ...(leftOut === 0 ? [] : [`${leftOut} older ones were left out: --limit.`]),
    ...(unread === 0 ? [] : [`${unread} could not be read, and are in no count.`]),
    ...(outOfScope === 0 ? [] : [`${outOfScope} got their label only after the merge, and are in no count.`]),
    ...(notWatched === 0
      ? []
      : [
          `${notWatched} were merged in projects that gitlab.groups and gitlab.projects do not name, and do not count.`,
        ]),
    ...report.unread_places.map(({ place, message }) => `${line(place)} could not be listed: ${line(message)}`),
    'What lost its label after the merge is not found, and nothing here has a journal: webhooks tell more.',
  ];
}
