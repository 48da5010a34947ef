import { at, type Mutant } from './mutant.ts';

const request = 'src/connectors/tsa/request.test.ts';
const response = 'src/connectors/tsa/response.test.ts';
const client = 'src/connectors/tsa/client.test.ts';
const stored = 'src/storage/timestamps.test.ts';
const workflow = 'src/workflow/timestamps.test.ts';
const served = 'test/timestamps.test.ts';
const openssl = 'test/verifiers/openssl-ts.test.ts';

/** Time stamps: of the right bytes, for our own request, kept as they came, and missed where they do not come. */
export const timestampMutants: readonly Mutant[] = [
  {
    name: 'a stamp of anything is kept',
    file: 'src/connectors/tsa/response.ts',
    find: 'token.hashAlgorithm !== sha256Id || !token.hashedMessage.equals(asked.sha256)',
    replace: 'token.hashAlgorithm !== sha256Id',
    tests: [
      at(response, 'is no answer for other bytes'),
      at(client, 'another_imprint'),
      at(workflow, 'leaves nothing behind that answers another_imprint'),
    ],
  },
  {
    name: 'a digest of any kind is taken for SHA-256',
    file: 'src/connectors/tsa/response.ts',
    find: 'token.hashAlgorithm !== sha256Id || ',
    replace: '',
    tests: [at(response, 'is refused with any byte of its kind of digest changed')],
  },
  {
    name: 'an earlier answer passes for the one to this request',
    file: 'src/connectors/tsa/response.ts',
    find: 'if (token.nonce?.equals(Buffer.concat([Buffer.of(0), asked.nonce])) !== true)',
    replace: 'if (token.nonce === undefined)',
    tests: [at(response, 'is no answer for another request'), at(client, 'another_nonce')],
  },
  {
    name: 'every request has the same nonce',
    file: 'src/connectors/tsa/request.ts',
    find: 'const nonce = randomBytes(nonceLength);',
    replace: 'const nonce = Buffer.alloc(nonceLength * Math.min(1, randomBytes(1).length), 7);',
    tests: [at(request, 'every nonce is another one'), at(client, 'asks with another nonce each time')],
  },
  {
    name: 'a refusal passes for a stamp',
    file: 'src/connectors/tsa/response.ts',
    find: 'if (response.status !== 0 && response.status !== 1) throw refusalOf(response);',
    replace: 'if (response.status === 2 && response.token === undefined) throw refusalOf(response);',
    tests: [at(response, 'and with no other status')],
  },
  {
    name: 'a stamp may state any time',
    file: 'src/connectors/tsa/response.ts',
    find: 'Math.abs(token.genTime.getTime() - asked.now.getTime()) > mostApartMs',
    replace: 'Number.isNaN(token.genTime.getTime())',
    tests: [at(response, 'is no answer for a later hour'), at(client, 'from a clock that is hours away')],
  },
  {
    name: 'a stamp is kept that nobody can verify',
    file: 'src/connectors/tsa/response.ts',
    find: 'if (!token.hasCertificate)',
    replace: 'if (token.nonce.length === 0)',
    tests: [at(client, 'no_certificate')],
  },
  {
    name: 'the thirtieth of February is the second of March',
    file: 'src/connectors/tsa/schema.ts',
    find: 'if (date.toISOString() !== text)',
    replace: 'if (Number.isNaN(date.getTime()))',
    tests: [at(response, 'with a day that does not exist states no time')],
  },
  {
    name: 'an answer may be of any size',
    file: 'src/connectors/tsa/client.ts',
    find: 'maxBytes: mostBytes',
    replace: 'maxBytes: mostBytes ** 2',
    tests: [at(client, 'stops reading an answer without end')],
  },
  {
    name: 'what is stamped is not the signed note',
    file: 'src/workflow/timestamps.ts',
    find: 'Buffer.from(head.note)',
    replace: 'Buffer.from(head.note.trim().slice(1))',
    tests: [
      at(workflow, 'is stamped as its note stands, byte for byte'),
      at(served, 'beside the very head that they are of'),
      at(openssl, 'verifies the stamp of the head'),
    ],
  },
  {
    name: 'the authority is asked every minute',
    file: 'src/workflow/timestamps.ts',
    find: 'head === undefined || isTooSoon(head, parts.now())',
    replace: 'head === undefined',
    tests: [at(workflow, 'waits until the last stamp is an hour old')],
  },
  {
    name: 'every node asks for a stamp of its own',
    file: 'src/workflow/timestamps.ts',
    find: "tryAdvisoryLock('timestamps', async",
    replace: 'tryAdvisoryLock(`timestamps ${Math.random()}`, async',
    tests: [at(workflow, 'is asked about by one node at a time')],
  },
  {
    name: 'an authority that is away is not spoken of',
    file: 'src/workflow/timestamps.ts',
    find: 'await raise(database.db, [finding], now());',
    replace: 'await raise(database.db, [finding].slice(1), now());',
    tests: [at(workflow, 'needs attention after a day, once')],
  },
  {
    name: 'a finding stays after the stamp has come',
    file: 'src/workflow/timestamps.ts',
    find: "await resolve(db, 'not_timestamped', [subject], parts.now());",
    replace: "await resolve(db, 'not_timestamped', [], parts.now());",
    tests: [at(workflow, 'and none after a stamp')],
  },
  {
    name: 'a new head makes the wait of the earlier ones begin anew',
    file: 'src/storage/timestamps.ts',
    find: "beyond.orderBy('size', 'asc')",
    replace: "beyond.orderBy('size', 'desc')",
    tests: [at(stored, 'are those after the last stamp'), at(workflow, 'needs attention after a day, once')],
  },
  {
    name: 'a later stamp takes the place of the one that was handed out',
    file: 'src/storage/timestamps.ts',
    find: "conflict.column('size').doNothing()",
    replace: "conflict.column('size').doUpdateSet((eb) => ({ response: eb.ref('excluded.response') }))",
    tests: [at(stored, 'stays as it was first kept')],
  },
  {
    name: 'a stamp is served for whatever head is asked about',
    file: 'src/storage/timestamps.ts',
    find: ".select('response')\n    .where('size', '=', size)",
    replace: ".select('response')\n    .where('size', '<=', size)",
    tests: [at(served, 'are at one address each, and nowhere else')],
  },
];
