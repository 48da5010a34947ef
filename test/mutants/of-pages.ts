import { at, type Mutant } from './mutant.ts';

const doctor = 'test/doctor-page.test.ts';
const setUp = 'test/set-up-page.test.ts';
const screen = 'test/terminal-screen.test.ts';

/** What is written for people: it says what the code does, and its pictures show what a terminal showed. */
export const pageMutants: readonly Mutant[] = [
  {
    name: 'a check of doctor is not on the page of set-up',
    file: 'src/setup/doctor/own.ts',
    find: "  'own.node': 'Node",
    replace: "  'own.weather': 'The sun shines.',\n  'own.node': 'Node",
    tests: [at(doctor, 'the page says of every check'), at(doctor, 'the page names every check once')],
  },
  {
    name: 'the page of set-up says another thing of a check than the code',
    file: 'src/setup/doctor/slack.ts',
    find: "'slack.history': 'A message",
    replace: "'slack.history': 'No message",
    tests: [at(doctor, 'the page says of every check')],
  },
  {
    name: 'a check of doctor has an id that no catalogue lists',
    file: 'src/setup/doctor/own-node.ts',
    find: "return fine('own.node'",
    replace: "return fine('own.nodes'",
    tests: [at(doctor, 'no check has an id that no catalogue lists')],
  },
  {
    name: 'a kind of finding is not on the page of operating',
    file: 'src/storage/attention.ts',
    find: "  | 'configuration'",
    replace: "  | 'configuration'\n  | 'weather'",
    tests: [at('test/operating-page.test.ts', 'every kind of finding')],
  },
  {
    name: 'the page of set-up names a flag that is no more',
    file: 'src/cli/commands/trigger.ts',
    find: "'--remove-hook'",
    replace: "'--drop-hook'",
    tests: [at(setUp, 'every flag and every variable')],
  },
  {
    name: 'the page of set-up has an example that the configuration does not take',
    file: 'src/config/sections/people.ts',
    find: 'target_branches: branchPatterns(',
    replace: 'branches: branchPatterns(',
    tests: [at(setUp, 'the configuration takes the example')],
  },
  {
    name: 'a picture of a terminal keeps what was erased',
    file: 'tools/pictures/screen.ts',
    find: 'lines.length = row + 1;',
    replace: '',
    tests: [at(screen, 'what is erased below the cursor is gone')],
  },
  {
    name: 'what a terminal shows is markup on the page of its picture',
    file: 'tools/pictures/terminal-page.ts',
    find: "return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');",
    replace: 'return text;',
    tests: [at(screen, 'what a terminal shows is text on the page')],
  },
];
