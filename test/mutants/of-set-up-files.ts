import { at, type Mutant } from './mutant.ts';

const save = 'src/setup/init/save.test.ts';
const texts = 'src/setup/init/texts.test.ts';
const dotenv = 'src/config/dotenv.test.ts';
const again = 'test/set-up-again.test.ts';
const files = 'test/set-up-files.test.ts';

/** The files that the set-up reads and writes: what becomes of them. */
export const setUpFileMutants: readonly Mutant[] = [
  {
    name: 'set-up files: a place is not tried first',
    file: 'src/cli/commands/init.ts',
    find: '      probePlace(env, 0o600);\n      probePlace(path, 0o644);\n',
    replace: '',
    tests: [at(files, 'a folder that is not there is named before anything is asked or made')],
  },
  {
    name: 'set-up files: a mark before the first variable hides it',
    file: 'src/config/dotenv.ts',
    find: "text.replace(/^\\uFEFF/, '')",
    replace: 'text',
    tests: [at(dotenv, 'a byte-order mark is no part')],
  },
  {
    name: 'set-up files: whoever loads the configuration waits at a pipe',
    file: 'src/config/load-config.ts',
    find: 'if (isNoFile(file))',
    replace: 'if (isNoFile(`${file}.none`))',
    tests: [at(dotenv, 'a pipe in place of .env')],
  },
  {
    name: 'set-up files: an anchor that others use is no obstacle',
    file: 'src/cli/commands/init.ts',
    find: '      refuseObstacles(path, before.config, parts);\n',
    replace: '',
    tests: [at(files, 'an anchor that others use')],
  },
  {
    name: 'set-up files: placeholders go for answers',
    file: 'src/setup/init/texts.ts',
    find: '  if (before === null) leaveOutUnanswered(document, draft);\n',
    replace: '',
    tests: [at(texts, 'a section that nobody answered is left out')],
  },
  {
    name: 'set-up files: entries of lists are written anew',
    file: 'src/setup/init/texts.ts',
    find: 'return at === -1 ? document',
    replace: 'return at !== -2 ? document',
    tests: [at(texts, 'entries of a list that stay are left as they stand')],
  },
  {
    name: 'set-up files: a secret in place of a key is printed',
    file: 'src/config/explain-issues.ts',
    find: '/^[a-z_]{1,40}$/',
    replace: '/^[^]*$/',
    tests: [at('src/config/explain-issues.test.ts', 'a secret that was typed as a key')],
  },
  {
    name: 'set-up files: a page that cannot be seen is exchanged for a new one',
    file: 'src/setup/init/ask-confluence.ts',
    find: '?? unseen',
    replace: '?? undefined',
    tests: [at(again, 'a page that cannot be seen is not exchanged')],
  },
  {
    name: 'set-up files: a file loses its owner',
    file: 'src/setup/init/save.ts',
    find: '      keepOwner(path, file, there);\n',
    replace: '',
    tests: [at(save, 'owner and group of a file stay')],
  },
];
