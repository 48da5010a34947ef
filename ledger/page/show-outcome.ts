import { type PackScope } from '../src/index.ts';
import { element, facts, foreign, table } from './elements.ts';
import { type Outcome } from './messages.ts';
import { notProven } from './not-proven.ts';

const mostVerdicts = 20;
// The core lists no more than these.
const mostFailures = 100;

/** The big line: whether the pack holds. */
export function headline({ ok, trustedBy }: Outcome): string {
  if (!ok) return 'This pack does not hold.';
  return trustedBy === 'given' ? 'Everything in this pack holds.' : 'Everything in this pack holds, by its own keys.';
}

/** What was found out about a pack. */
export function showOutcome(outcome: Outcome): Node[] {
  const { ok, trustedBy, failures, head } = outcome;
  const parts: Node[] = [];
  if (ok && trustedBy === 'pack') parts.push(warning());
  if (failures.length > 0) parts.push(failureTable(outcome));
  parts.push(element('h3', ok ? 'What was verified' : 'What could be read'), facts(rowsOf(outcome)));
  if (outcome.keys.length > 0) parts.push(keyTable(outcome));
  if (ok && head !== undefined) {
    const keep =
      'Keep this line. Given here as the earlier head, with a later pack, it shows that the log has only grown: ';
    parts.push(element('p', keep, element('code', head.short)));
  }
  parts.push(
    element('h3', 'What this does not prove'),
    element('ul', ...notProven(outcome).map((one) => element('li', one))),
  );
  return parts;
}

function warning(): HTMLElement {
  const text =
    'No key was given, so the pack was held against the keys in it. Whoever makes up a whole pack can make up its keys. ' +
    'Compare the newest key below with one that you have from elsewhere, or paste that one above and verify again.';
  const made = element('p', element('strong', 'Warning: '), text);
  made.className = 'warning';
  return made;
}

function failureTable({ failures }: Outcome): HTMLElement {
  const caption =
    failures.length < mostFailures ? 'What does not hold' : `What does not hold: the first ${mostFailures}`;
  const rows = failures.map(({ file, code, message, entry }) => {
    const where = entry === undefined ? [] : [` (entry ${entry} of the log)`];
    return [foreign(file), element('code', code), element('span', foreign(message), ...where)];
  });
  return table(caption, ['File', 'Code', 'What is wrong'], rows);
}

function rowsOf(outcome: Outcome): [string, (string | Node)[]][] {
  const { ok, pack, head, since, trustedBy, changes } = outcome;
  const rows: [string, (string | Node)[]][] = [];
  if (pack !== undefined) {
    rows.push(['Made', [foreign(pack.at), ' by ', foreign(pack.product)]]);
    rows.push(['Scope', [scopeText(pack.scope), ok ? completeText(pack.scope) : '']]);
  }
  rows.push(['Keys', [trustedBy === 'given' ? 'given by you' : 'only those of the pack itself']]);
  if (head !== undefined) {
    rows.push(['Log', [foreign(head.origin)]]);
    rows.push(['Head', [`${head.size} entries, root `, element('code', foreign(head.root))]]);
  }
  rows.push(['Earlier head', [sinceText(outcome, since)]]);
  rows.push(['Changes', [String(changes)]]);
  if (outcome.verdicts.length > 0) rows.push(['Verdicts', verdictTexts(outcome)]);
  return rows;
}

function sinceText({ failures }: Outcome, since: Outcome['since']): string {
  if (since !== undefined) {
    return since.holds
      ? `the log begins with its first ${since.size} entries as they were then`
      : `the log does not begin with the ${since.size} entries of then`;
  }
  return failures.some(({ file }) => file === '(since)') ? 'could not be read' : 'not compared with one';
}

function verdictTexts({ verdicts }: Outcome): (string | Node)[] {
  const shown = verdicts.slice(0, mostVerdicts);
  const texts = shown.flatMap(([verdict, changes], at) => [at === 0 ? '' : ', ', foreign(verdict), ` ${changes}`]);
  return verdicts.length > mostVerdicts ? [...texts, ', and others'] : texts;
}

function scopeText(scope: PackScope): string {
  switch (scope.kind) {
    case 'all':
      return 'all changes of the log';
    case 'changes':
      return 'changes that somebody chose';
    case 'period':
      return `all changes of a period, as entry ${scope.population} of the log lists them`;
    case 'sample':
      return `a sample, drawn from the changes that entry ${scope.population} of the log lists`;
    default:
      return scope satisfies never;
  }
}

// Only what holds as a whole is known to be complete.
function completeText({ kind }: PackScope): string {
  return kind === 'changes' ? '' : '; none is missing';
}

function keyTable({ keys }: Outcome): HTMLElement {
  const rows = keys.map(({ line, from }) => [element('span', String(from)), element('code', foreign(line))]);
  return table('Keys of the log, the oldest first', ['From entry', 'Verifier key'], rows);
}
