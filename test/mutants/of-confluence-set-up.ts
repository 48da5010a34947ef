import { at, type Mutant } from './mutant.ts';

const doctor = 'src/setup/doctor/confluence.test.ts';
const tables = 'src/setup/doctor/confluence-table.test.ts';
const inspector = 'src/connectors/confluence/inspect.test.ts';

/** What is said of a Confluence before anything depends on it. */
export const confluenceSetUpMutants: readonly Mutant[] = [
  {
    name: 'doctor: a visitor passes for the account',
    file: 'src/connectors/confluence/inspect-answers.ts',
    find: "user.type === 'anonymous' ? 'anonymous' : 'known'",
    replace: "'known'",
    tests: [at(doctor, 'that reads as a visitor on cloud'), at(doctor, 'that reads as a visitor on data_center')],
  },
  {
    name: 'doctor: an outage is taken for a wrong address',
    file: 'src/setup/doctor/confluence-contact.ts',
    find: 'if (isPassing(error)) return stop(passing(error));',
    replace: '',
    tests: [at(doctor, 'an outage > (error_500) is no diagnosis'), at(doctor, 'an outage > (limit) is no diagnosis')],
  },
  {
    name: 'doctor: a missing scope is taken for a bad token',
    file: 'src/connectors/confluence/failure.ts',
    find: '/scope does not match/i.test(text)',
    replace: 'false',
    tests: [
      at(doctor, 'that may not read spaces finds no page by its title'),
      at(doctor, 'a token with scopes > that may not read pages'),
      at(inspector, 'looks around behind the gateway'),
    ],
  },
  {
    name: 'doctor: what is not current is not asked for',
    file: 'src/connectors/confluence/inspect-cloud.ts',
    find: "return await read(['archived', 'trashed', 'draft']);",
    replace: 'throw error;',
    tests: [at(doctor, 'that shows itself in the trash only to who asks')],
  },
  {
    name: 'doctor: a page in the trash takes rows',
    file: 'src/setup/doctor/confluence-place.ts',
    find: "if (one.status !== 'current') return [notCurrent(one, name)];",
    replace: '',
    tests: [
      at(doctor, 'that is archived or in the trash, on cloud'),
      at(doctor, 'on data_center, is not taken for one'),
    ],
  },
  {
    name: 'doctor: who may view a page may edit it',
    file: 'src/connectors/confluence/inspect-answers.ts',
    find: 'operation === wanted && targetType',
    replace: 'operation.length > 0 && targetType',
    tests: [
      at(doctor, 'that the account may not edit, on cloud'),
      at(doctor, 'that the account may not edit, on data_center'),
    ],
  },
  {
    name: 'doctor: a table is found and no row tried on it',
    file: 'src/connectors/confluence/examine-table.ts',
    find: 'if (!isConnectorError(error)) throw error;',
    replace: "if (isConnectorError(error)) return { kind: 'none' };\n    throw error;",
    tests: [at(tables, 'that is there twice'), at(tables, 'whose markup is not well-formed')],
  },
  {
    name: 'doctor: only the first part of a list is looked at',
    file: 'src/connectors/confluence/inspect-cloud.ts',
    find: '} while (cursor !== null);',
    replace: '} while (false);',
    tests: [
      at(inspector, 'on cloud > offers spaces by a part of key or name'),
      at(inspector, 'on cloud > offers current pages by a part'),
    ],
  },
];
