import { at, type Mutant } from './mutant.ts';

const terminal = 'test/set-up.test.ts';
const texts = 'src/setup/init/texts.test.ts';
const newHost = 'test/set-up-new-host.test.ts';
const stops = 'test/set-up-stops.test.ts';
const again = 'test/set-up-again.test.ts';
const save = 'src/setup/init/save.test.ts';
const live = 'test/reconfigure.test.ts';
const watch = 'src/config/watch-config.test.ts';
const overrides = 'test/project-overrides.test.ts';
const scope = 'src/domain/scope-at-merge.test.ts';
const filter = 'src/domain/filter.test.ts';

/** The set-up: answers that are checked, files that are whole, and a configuration that changes while the service runs. */
export const setUpMutants: readonly Mutant[] = [
  {
    name: 'set-up: a token that GitLab refuses is taken',
    file: 'src/setup/init/checking.ts',
    find: 'return { ok: false, problem:',
    replace: 'return { ok: true, value: undefined as never, note:',
    tests: [at(terminal, 'wrong answers are explained and asked again')],
  },
  {
    name: 'set-up: files are written one after the other, without a thought for the next',
    file: 'src/setup/init/save.ts',
    find: '      writeBeside(file, from, to);\n',
    replace: '      writeBeside(file, from, to);\n      renameSync(from, to);\n',
    tests: [at(save, 'where one of them cannot be written, none is')],
  },
  {
    name: 'set-up: .env is open to others',
    file: 'src/cli/commands/init.ts',
    find: 'mode: 0o600',
    replace: 'mode: 0o644',
    tests: [at(terminal, 'somebody who has only the tokens is led to a configuration that holds')],
  },
  {
    name: 'set-up: a token that is set goes to any GitLab',
    file: 'src/setup/init/ask-gitlab.ts',
    find: "    newHost: newHostOf(url, known.text('gitlab.url')),\n",
    replace: '',
    tests: [at(newHost, 'does not go to a GitLab that the file does not name')],
  },
  {
    name: 'set-up: a token that is set goes to any Confluence',
    file: 'src/setup/init/checking.ts',
    find: '  if (before === undefined) return undefined;\n  const to',
    replace: "  if (before === undefined || address.includes('127.0.0.1')) return undefined;\n  const to",
    tests: [at(newHost, 'nor to another Confluence')],
  },
  {
    name: 'set-up: nobody is asked on a terminal before a token goes to a new host',
    file: 'src/cli/init/terminal-asker.ts',
    find: 'newHost === undefined || given.newAddress) return there;',
    replace: 'newHost === undefined || given.newAddress || there !== undefined) return there;',
    tests: [at(newHost, 'on a terminal it is asked first')],
  },
  {
    name: 'set-up: a new file is content with one part',
    file: 'src/cli/commands/init.ts',
    find: 'before.config === null ? initParts : (only ??',
    replace: 'before.config === null && only === undefined ? initParts : (only ??',
    tests: [at(stops, 'in an empty folder one part alone is no set-up')],
  },
  {
    name: 'set-up: names of a vendor reach the terminal raw',
    file: 'src/cli/init/terminal-asker.ts',
    find: 'label: line(label)',
    replace: 'label',
    tests: [at(stops, 'moves no cursor and renames no window')],
  },
  {
    name: 'set-up: names of a vendor reach the error raw',
    file: 'src/cli/init/silent-asker.ts',
    find: 'There are: ${line(there)}.',
    replace: 'There are: ${there}.',
    tests: [at(stops, 'moves no cursor and renames no window')],
  },
  {
    name: 'set-up: what was changed meanwhile is written over',
    file: 'src/cli/commands/init.ts',
    find: '      if (clashes.length > 0) {',
    replace: '      if (clashes.length > 1_000) {',
    tests: [at(stops, 'what they changed is not written over')],
  },
  {
    name: 'set-up: what was added meanwhile is lost',
    file: 'src/cli/commands/init.ts',
    find: '      const texts = withAnswers(now);',
    replace: '      const texts = withAnswers(before);',
    tests: [at(stops, 'what somebody adds while the questions are answered stays')],
  },
  {
    name: 'set-up: nobody hears what was made before it stopped',
    file: 'src/cli/commands/init.ts',
    find: "      process.once('exit', tellMade);\n",
    replace: '',
    tests: [at(stops, 'whoever stops after something was made')],
  },
  {
    name: 'set-up: groups that a token does not see are dropped',
    file: 'src/setup/init/ask-gitlab.ts',
    find: '.filter(isNamed), ...unseen],',
    replace: '.filter(isNamed)],',
    tests: [at(again, 'groups and projects that this token does not see stay watched')],
  },
  {
    name: 'set-up: what is special to a team is lost',
    file: 'src/setup/init/ask-linear.ts',
    find: 'return entry === undefined ? { key } : (entry as Json);',
    replace: 'return entry === null ? (entry as Json) : { key };',
    tests: [at(again, 'what is special to a team stays with it')],
  },
  {
    name: 'set-up: a link is replaced by a file',
    file: 'src/setup/init/save.ts',
    find: '    return realpathSync(place);\n',
    replace: '    return place;\n',
    tests: [at(save, 'a link stays a link')],
  },
  {
    name: 'set-up: a file that was closed to others is opened',
    file: 'src/setup/init/save.ts',
    find: 'return (own & 0o007 & ~mode) === 0 ? own : mode;',
    replace: 'return mode | (own & 0);',
    tests: [at(save, 'what is there keeps its mode, but for the world')],
  },
  {
    name: 'set-up: a variable that stands twice keeps an old value',
    file: 'src/setup/init/env-text.ts',
    find: ' || written.has(plain)) return [];',
    replace: ') return [];\n    if (written.has(plain)) return [text];',
    tests: [at(texts, 'a variable that stands twice is exchanged in both places')],
  },
  {
    name: 'set-up: a comment beside an answer is lost',
    file: 'src/setup/init/texts.ts',
    find: "  if (isScalar(old) && (value === null || typeof value !== 'object')) {",
    replace: '  if (isScalar(old) && value === undefined) {',
    tests: [at(texts, 'what somebody wrote stays')],
  },
  {
    name: 'set-up: a changed .env goes unnoticed',
    file: 'src/config/watch-config.ts',
    find: '      seen.set(path, digest(text));\n      return text;',
    replace: "      if (!path.endsWith('.env')) seen.set(path, digest(text));\n      return text;",
    tests: [at(watch, 'a change of a secret in .env is told once')],
  },
  {
    name: 'configuration: a broken change ends the service’s rules',
    file: 'src/compose/reconfigure.ts',
    find: "      if (news.kind === 'broken') {",
    replace: "      if (news.kind === 'broken' && news.problems.length === 0) {",
    tests: [at(live, 'a broken change is listed with its place')],
  },
  {
    name: 'configuration: changed rules judge before the log knows them',
    file: 'src/compose/worker.ts',
    find: '      await next.keep();\n',
    replace: '      next.rules.owed = false;\n',
    tests: [at(live, 'changed rules enter the log before anything is judged by them')],
  },
  {
    name: 'configuration: nobody records what changed',
    file: 'src/workflow/record-configuration.ts',
    find: "    await noteAction(trx, { what: 'configuration', detail }, now);\n",
    replace: '',
    tests: [at(live, 'a changed channel and a changed filter hold without a restart')],
  },
  {
    name: 'configuration: a secret that was exchanged still opens the door',
    file: 'src/compose/live-config.ts',
    find: '  if (value instanceof Secret) return { secret: value.reveal() };',
    replace: "  if (value instanceof Secret) return { secret: '' };",
    tests: [at(live, 'a webhook secret that is replaced counts from then on')],
  },
  {
    name: 'projects: a project’s own labels are judged by those of all others',
    file: 'src/domain/scope-at-merge.ts',
    find: 'labels: own?.labels ?? policies.labels',
    replace: 'labels: policies.labels',
    tests: [at(scope, 'a project with labels of its own is in scope by them')],
  },
  {
    name: 'projects: a project’s own labels take nothing in',
    file: 'src/domain/filter.ts',
    find: 'labels: own?.labels ?? filter.labels',
    replace: 'labels: filter.labels',
    tests: [at(filter, 'a project that is different counts by its own label')],
  },
  {
    name: 'projects: every project is told of in the same words',
    file: 'src/compose/layouts.ts',
    find: 'special.find((one) => samePath(one.path, path))?.layout ?? usual',
    replace: 'special.find((one) => one.path === path)?.layout ?? usual',
    tests: [at(overrides, 'told of in its own words')],
  },
];
