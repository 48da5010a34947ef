import { at, type Mutant } from './mutant.ts';

const form = 'src/domain/record-form.test.ts';
const record = 'src/domain/record.test.ts';
const property = 'src/domain/verdict.property.test.ts';

/** The form of a record: what it shows, in which order, and what is left of it once somebody is erased. */
export const recordMutants: readonly Mutant[] = [
  {
    name: 'all text stands in the open',
    file: 'src/domain/record-form.ts',
    find: 'openText.has(key) || openText.has(`${parent}.${key}`) ? value',
    replace: 'openText.has(key) || parent !== undefined ? value',
    tests: [
      at(form, 'conceals every text that is not known to be open'),
      at(record, 'nothing that names a person, and no text that one typed, stands in the open'),
    ],
  },
  {
    name: 'the name of a person is as open as that of a label',
    file: 'src/domain/record-form.ts',
    find: "'label.name',",
    replace: "'name',",
    tests: [
      at(form, 'opens some keys under one parent only'),
      at(record, 'nothing that names a person, and no text that one typed, stands in the open'),
    ],
  },
  {
    name: 'what was erased is empty',
    file: 'src/domain/record-form.ts',
    find: 'open(form.concealed) ?? `${erasedMark}${form.concealed}`',
    replace: "open(form.concealed) ?? ''",
    tests: [
      at(form, 'marks what was erased'),
      at(record, 'neither a verdict nor a failed check becomes a pass because a text was erased'),
      at(property, 'is the same once everybody has been erased from the disclosures'),
    ],
  },
  {
    name: 'what was erased is all the same',
    file: 'src/domain/record-form.ts',
    find: 'open(form.concealed) ?? `${erasedMark}${form.concealed}`',
    replace: "open(form.concealed) ?? `${erasedMark}${'0'.repeat(64)}`",
    tests: [
      at(form, 'marks what was erased'),
      at(property, 'is the same once everybody has been erased from the disclosures'),
    ],
  },
  {
    name: 'a record lists in GitLab’s order',
    file: 'src/domain/record-form.ts',
    find: 'ordered.has(key) ? value : value.toSorted(compareElements)',
    replace: 'value',
    tests: [
      at(record, 'the same findings give the same bytes, whatever order they were listed in'),
      at(property, 'does not depend on the order in which hooks and listings came'),
    ],
  },
  {
    name: 'a record sorts what has an order',
    file: 'src/domain/record-form.ts',
    find: "new Set(['parents', 'sha256', 'events'])",
    replace: "new Set(['events'])",
    tests: [at(form, 'keeps the order of what has one')],
  },
  {
    name: 'members are concealed in the order in which they were set',
    file: 'src/domain/record-form.ts',
    find: 'return Object.entries<T>({ ...value }).toSorted(([left], [right]) => (left < right ? -1 : 1));',
    replace: 'return Object.entries<T>({ ...value });',
    tests: [
      at(form, 'conceals in the order of names'),
      at(record, 'the same findings give the same bytes, whatever order their members were set in'),
    ],
  },
  {
    name: 'what could not be read is read back as nothing',
    file: 'src/domain/read-record.ts',
    find: "if ('unread' in one) return { ok: false, code: one.unread, status: one.status };",
    replace:
      "if ('unread' in one) return { ok: true, value: plain([]), observedAt: '2026-01-01T00:00:00.000Z', sha256: [] };",
    tests: [
      at(record, 'what was put into a record is read out of it again'),
      at(property, 'is the same from the record alone'),
    ],
  },
  {
    name: 'a record says of what could not be read that it is empty',
    file: 'src/domain/record.ts',
    find: 'if (!one.ok) return { source, unread: one.code, status: one.status };',
    replace: 'if (!one.ok) return { source, value: [], observed_at: null, response_sha256: [] };',
    tests: [at(record, 'what could not be read says so, and is never shown as empty')],
  },
];
