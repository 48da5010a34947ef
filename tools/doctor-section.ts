import { confluenceChecks } from '../src/setup/doctor/confluence.ts';
import { gitlabChecks } from '../src/setup/doctor/gitlab.ts';
import { linearChecks } from '../src/setup/doctor/linear.ts';
import { ownChecks } from '../src/setup/doctor/own.ts';
import { slackChecks } from '../src/setup/doctor/slack.ts';

const begin = '<!-- Made from src/setup/doctor by `npm run schema`. -->';
const end = '<!-- So far. -->';

/** Everything that `countersign doctor` looks at, by the id of its check. */
export const catalogue: Readonly<Record<string, string>> = {
  ...gitlabChecks,
  ...linearChecks,
  ...confluenceChecks,
  ...slackChecks,
  ...ownChecks,
};

/** The page with the table of all checks of `countersign doctor` in its place. */
export function withDoctorTable(page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page has no place for the table: ${begin} … ${end}`);
  const rows = Object.entries(catalogue).map(([id, about]) => `| \`${id}\` | ${about.replaceAll('|', '\\|')} |`);
  const table = ['| id | looks at |', '| --- | --- |', ...rows].join('\n');
  return `${page.slice(0, from)}${begin}\n\n${table}\n\n${page.slice(to)}`;
}
