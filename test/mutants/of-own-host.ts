import { at, type Mutant } from './mutant.ts';

const own = 'src/setup/doctor/own.test.ts';

/** What is said of the machine that Countersign runs on. */
export const ownHostMutants: readonly Mutant[] = [
  {
    name: 'own host: a database that takes no writes is fine',
    file: 'src/setup/doctor/own-database.ts',
    find: 'if (facts.readOnly) {',
    replace: 'if (false) {',
    tests: [at(own, 'the database > that takes no writes')],
  },
  {
    name: 'own host: the schema of a later version is ours',
    file: 'src/storage/migrate.ts',
    find: 'return barrier === undefined || barrier in migrations ? undefined : barrier;',
    replace: 'return undefined;',
    tests: [at(own, 'or was brought further by a later version')],
  },
  {
    name: 'own host: any key will do for a log',
    file: 'src/setup/doctor/own-key.ts',
    find: 'if (!isCurrent) {',
    replace: 'if (false) {',
    tests: [at(own, 'or is not the one that the log is signed with')],
  },
  {
    name: 'own host: a lost key is as good as none yet',
    file: 'src/setup/doctor/own-key.ts',
    find: "if (log === undefined) return fine(id, 'The key of the log is made at the first start');",
    replace: "return fine(id, 'The key of the log is made at the first start');",
    tests: [at(own, 'or is not the one that the log is signed with')],
  },
  {
    name: 'own host: a key that the group may read is closed',
    file: 'src/storage/look-at-key.ts',
    find: '(mode & 0o077) !== 0',
    replace: '(mode & 0o007) !== 0',
    tests: [at(own, 'the key > that others may read')],
  },
  {
    name: 'own host: whoever listens is Countersign',
    file: 'src/setup/doctor/own-address.ts',
    find: "parseJson('log', Health, answer);",
    replace: '',
    tests: [at(own, 'where something else listens'), at(own, 'of who answers are told apart')],
  },
  {
    name: 'own host: looking makes the key',
    file: 'src/setup/doctor/own-key.ts',
    find: "lookAtKey(dataFolder, 'current')",
    replace:
      "import('../../storage/signing-key.ts').then(({ openSigner }) => openSigner({ pem: null, nextPem: null, dataFolder, origin: 'x' })).then(() => lookAtKey(dataFolder, 'current'))",
    tests: [at(own, 'nothing is made by looking')],
  },
];
