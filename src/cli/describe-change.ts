import { personName, type ChangeReport } from '../compose.ts';
import { line } from './terminal-text.ts';

/** Puts a text into a style, or leaves it as it is where the output shows none. */
export type Paint = (style: 'green' | 'yellow' | 'red' | 'dim', text: string) => string;

type CheckLine = ChangeReport['verdict']['checks'][number];

const styles = { pass: 'green', undetermined: 'yellow', fail: 'red', not_applicable: 'dim' } as const;
const marks = { pass: '✓', undetermined: '?', fail: '✗', not_applicable: '–' } as const;

/** One change at a glance: the verdict first, what each check found, then what became of it. */
export function describeChange(report: ChangeReport, paint: Paint): string[] {
  const { change, links, verdict } = report;
  const name = `${line(change.project)}!${change.iid}`;
  return [
    `${paint(styles[verdict.overall], verdict.overall.toUpperCase())}  ${name}  ${line(change.title)}`,
    `merged ${change.merged_at ?? 'at an unknown time'}, pod ${line(change.pod ?? 'none')}, record ${report.record_id}`,
    '',
    ...describeChecks(report, paint),
    ...(report.unmapped_addresses.length === 0 ? [] : ['', '  Commit addresses that belong to nobody known:']),
    ...report.unmapped_addresses.map((address) => `    ${line(address)}`),
    '',
    ...report.stages.map(
      ({ stage, outcome, reason, detail, attempts }) =>
        `  ${stage.padEnd(12)} ${outcome.padEnd(8)}${reason === null ? '' : ` ${line(reason)}`}` +
        `${attempts > 1 ? ` (${attempts} tries)` : ''}${detail === null ? '' : `\n      ${line(detail)}`}`,
    ),
    '',
    `  GitLab      ${line(links.gitlab)}`,
    `  Linear      ${line(links.linear ?? '-')}`,
    `  Confluence  ${line(links.confluence ?? '-')}`,
    `  Slack       ${line(links.slack ?? '-')}`,
    ...(report.reverts === null ? [] : [`  Reverts     ${report.reverts}`]),
    ...report.reverted_by.map((id) => `  Reverted by ${id}`),
    ...(report.record_sha256 === null ? [] : [`  Record      sha256 ${report.record_sha256}`]),
    ...(verdict.policy_sha256 === undefined ? [] : [`  Policy      sha256 ${verdict.policy_sha256}`]),
    ...(verdict.judged_at === undefined ? [] : [`  Judged      ${verdict.judged_at}`]),
  ];
}

/** The verdict alone: in a word, and why where it is no pass. */
export function describeVerdict({ verdict, people }: Pick<ChangeReport, 'verdict' | 'people'>, paint: Paint): string[] {
  const against = verdict.checks.filter(
    (check) => check.blocking && (check.verdict === 'fail' || check.verdict === 'undetermined'),
  );
  const word = paint(styles[verdict.overall], verdict.overall.toUpperCase());
  return [`verdict: ${word}`, ...against.map((check) => `  ${describeCheck(check, people, paint)}`)];
}

// The blocking checks, and below a heading those that only advise.
function describeChecks({ verdict, people }: ChangeReport, paint: Paint): string[] {
  if (verdict.judged_at === undefined) return ['  not judged yet'];
  const blocking = verdict.checks.filter((check) => check.blocking);
  const advisory = verdict.checks.filter((check) => !check.blocking);
  const widest = Math.max(0, ...verdict.checks.map(({ name }) => name.length));
  return [
    ...blocking.map((check) => `  ${describeCheck(check, people, paint, widest)}`),
    ...(advisory.length === 0 ? [] : ['', '  Advisory, without weight in the verdict:']),
    ...advisory.map((check) => paint('dim', `  ${describeCheck(check, people, unpainted, widest)}`)),
  ];
}

const unpainted: Paint = (_style, text) => text;

function describeCheck(check: CheckLine, people: ChangeReport['people'], paint: Paint, width = 0): string {
  const { id, name, sentence, about } = check;
  const named = about.length === 0 ? '' : `  [${about.map((user) => nameOf(user, people)).join(', ')}]`;
  const mark = paint(styles[check.verdict], marks[check.verdict]);
  return `${mark} ${id}  ${name.padEnd(width)}  ${line(sentence)}${named}`;
}

function nameOf(id: number, people: ChangeReport['people']): string {
  const person = people.find((one) => one.id === id);
  if (person === undefined || person.username === null) return `user ${id}`;
  return line(personName({ username: person.username, name: person.name ?? '' }));
}
