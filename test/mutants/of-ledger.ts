import { at, type Mutant } from './mutant.ts';

const log = 'src/storage/ledger.test.ts';
const check = 'src/storage/check-log.test.ts';
const key = 'src/storage/signing-key.test.ts';
const served = 'test/log.test.ts';
const merkle = 'ledger/src/merkle.test.ts';
const note = 'ledger/src/note.test.ts';
const checkpoint = 'ledger/src/checkpoint.test.ts';
const proof = 'ledger/src/tlog-proof.test.ts';
const dsse = 'ledger/src/dsse.test.ts';
const leaf = 'ledger/src/leaf.test.ts';
const encoding = 'ledger/src/encoding.test.ts';
const canonical = 'ledger/src/parse-canonical-json.test.ts';
const plainly = 'ledger/src/plainly-canonical.test.ts';

/** What the log in the database is held to: by whom, over what, and how a change behind its back is noticed. */
const storedLog: readonly Mutant[] = [
  {
    name: 'a head is signed over another root',
    file: 'src/storage/ledger.ts',
    find: 'formatCheckpoint({ origin, size, root: growth.root })',
    replace: 'formatCheckpoint({ origin, size, root: leafHash(p, growth.root) })',
    tests: [at(log, 'signs a head that holds every entry'), at(check, 'is what was sealed, with 257 entries')],
  },
  {
    name: 'writers do not wait for each other',
    file: 'src/storage/ledger.ts',
    find: "await lockInTransaction(trx, 'ledger');\n  const log = await ownLog(trx, keeper);\n  if (log === undefined) {\n    await openLog",
    replace: 'const log = await ownLog(trx, keeper);\n  if (log === undefined) {\n    await openLog',
    tests: [at(log, 'is not forked by writers who come at the same time')],
  },
  {
    name: 'a log goes on under any key',
    file: 'src/storage/ledger.ts',
    find: 'log.public_key === textOf(publicKey)',
    replace: "log.public_key !== ''",
    tests: [at(log, 'refuses a keeper with another key')],
  },
  {
    name: 'a log goes on under any name',
    file: 'src/storage/ledger.ts',
    find: 'log.origin !== name',
    replace: "log.origin === ''",
    tests: [at(log, 'refuses a keeper with another key, and one who calls it otherwise')],
  },
  {
    name: 'tiles that grow stay as they were first written',
    file: 'src/storage/tree-tiles.ts',
    find: "conflict.columns(['level', 'index']).doUpdateSet((eb) => ({ hashes: eb.ref('excluded.hashes') }))",
    replace: 'conflict.doNothing()',
    tests: [at(log, 'signs a head that holds every entry'), at(log, 'extends every head that it has ever signed')],
  },
  {
    name: 'a tile is served before it has grown to its width',
    file: 'src/storage/log-files.ts',
    find: 'bytes.length === width * hashLength ? bytes : undefined',
    replace: 'bytes.length > 0 ? bytes : undefined',
    tests: [at(served, 'serves narrower tiles that it once had, and none that it has not grown to')],
  },
  {
    name: 'entries are not held against their hashes',
    file: 'src/storage/check-log.ts',
    find: 'if (!Buffer.from(hash).equals(expected)) throw',
    replace: 'if (expected.length > 256) throw',
    tests: [at(check, 'is refused with a changed tile'), at(check, 'is refused with a changed leaf')],
  },
  {
    name: 'entries are not held against the root that was signed',
    file: 'src/storage/check-log.ts',
    find: 'if (!isLedgerError(error)) throw error;',
    replace: 'return;',
    tests: [at(check, 'is refused with a leaf and its hash changed together')],
  },
  {
    name: 'entries beyond the head are passed over',
    file: 'src/storage/check-log.ts',
    find: 'if (beyond > 0) throw',
    replace: 'if (beyond < 0) throw',
    tests: [at(check, 'is refused with an entry that no head covers')],
  },
  {
    name: 'the last head is believed without its signature',
    file: 'src/storage/check-log.ts',
    find: 'const signed = openHead(keeper, head.note);',
    replace: "const signed = { size: head.size, root: Buffer.from(head.root, 'base64') };",
    tests: [at(check, 'is refused with a forged head')],
  },
  {
    name: 'a log may be longer than its last head says, or shorter',
    file: 'src/storage/check-log.ts',
    find: 'head === undefined || log?.size !== head.size',
    replace: 'head === undefined',
    tests: [at(check, 'is refused with a rolled-back size')],
  },
  {
    name: 'everybody may read the signing key',
    file: 'src/storage/signing-key.ts',
    find: '0o600',
    replace: '0o644',
    tests: [at(key, 'is made at the first start, for its owner alone')],
  },
  {
    name: 'whoever starts at the same time signs with a key of its own',
    file: 'src/storage/signing-key.ts',
    find: "return await readFile(path, 'utf8');",
    replace: 'return made;',
    tests: [at(key, 'is one, however many start at once')],
  },
];

/** What is shown to somebody who has nothing but the files and the public key. */
const verification: readonly Mutant[] = [
  {
    name: 'a leaf is hashed without its prefix',
    file: 'ledger/src/merkle.ts',
    find: 'p.sha256(joinBriefly(leafPrefix, data))',
    replace: 'p.sha256(data)',
    tests: [at(merkle, 'the leaves and roots of the reference tree hash to what is published')],
  },
  {
    name: 'a node is hashed as a leaf',
    file: 'ledger/src/merkle.ts',
    find: 'nodePrefix = Uint8Array.of(0x01)',
    replace: 'nodePrefix = Uint8Array.of(0x00)',
    tests: [at(merkle, 'the leaves and roots of the reference tree hash to what is published')],
  },
  {
    name: 'any proof shows that a leaf is in a tree',
    file: 'ledger/src/merkle.ts',
    find: 'if (!equalBytes(reached, root))',
    replace: 'if (reached.length === 0)',
    tests: [
      at(merkle, 'every flipped bit of a proof, a root or a leaf is noticed'),
      at(merkle, 'a proof holds for no other index'),
      at(proof, 'no byte of a leaf can be replaced by another under its proof'),
    ],
  },
  {
    name: 'a log may have begun with other leaves',
    file: 'ledger/src/merkle.ts',
    find: 'if (!equalBytes(oldReached, oldRoot))',
    replace: 'if (oldReached.length === 0)',
    tests: [
      at(merkle, 'two trees are consistent exactly when one begins with the other'),
      at(merkle, 'every flipped bit of a proof or a root of two heads is noticed'),
    ],
  },
  {
    name: 'a later head may have any root',
    file: 'ledger/src/merkle.ts',
    find: 'if (!equalBytes(newReached, newRoot))',
    replace: 'if (newReached.length === 0)',
    tests: [at(merkle, 'every flipped bit of a proof or a root of two heads is noticed')],
  },
  {
    name: 'a note opens without a key that is trusted',
    file: 'ledger/src/note.ts',
    find: 'if (verifiedBy.size === 0)',
    replace: 'if (signatures.length === 0)',
    tests: [
      at(note, 'a key of the same name but another id is another key'),
      at(proof, 'a proof by a key that is not trusted, or for another log, shows nothing'),
    ],
  },
  {
    name: 'a wrong signature of a note is passed over',
    file: 'ledger/src/note.ts',
    find: "if (signer === undefined) throw new LedgerError('bad_signature', `The signature of ${name} does not hold`);",
    replace: 'if (signer === undefined) continue;',
    tests: [at(note, 'one wrong signature of a trusted key spoils the note, whatever others signed')],
  },
  {
    name: 'whoever is trusted for one log speaks for all',
    file: 'ledger/src/checkpoint.ts',
    find: 'trustedKeys.filter(({ name }) => name === origin)',
    replace: 'trustedKeys',
    tests: [at(checkpoint, 'the key of another log cannot sign a head of this one')],
  },
  {
    name: 'the head of any log is that of this one',
    file: 'ledger/src/checkpoint.ts',
    find: 'if (checkpoint.origin !== origin)',
    replace: "if (checkpoint.origin === '')",
    tests: [at(checkpoint, 'the head of another log is refused, though its key is trusted')],
  },
  {
    name: 'a wrong signature of an envelope is passed over',
    file: 'ledger/src/dsse.ts',
    find: '    if (!p.verify(key.publicKey, joinBriefly(head, payload), signature)) {',
    replace: '    if (signature.length !== 64) {',
    tests: [
      at(dsse, 'one wrong signature of a trusted key spoils the envelope, whatever others signed'),
      at(dsse, 'no byte of an envelope can be replaced by another unnoticed'),
    ],
  },
  {
    name: 'an envelope opens without a key that is trusted',
    file: 'ledger/src/dsse.ts',
    find: 'if (verifiedBy.length === 0)',
    replace: 'if (signatures.length === 0)',
    tests: [at(dsse, 'an envelope that no trusted key signed stays closed')],
  },
  {
    name: 'a commitment has no salt',
    file: 'ledger/src/leaf.ts',
    find: 'p.sha256(joinBriefly(salt, envelope))',
    replace: 'p.sha256(envelope)',
    tests: [at(leaf, 'another salt and another envelope give another commitment')],
  },
  {
    name: 'one value has several texts in base64',
    file: 'ledger/src/plain-base64.ts',
    find: 'text.length % 4 !== 0 || rest !== 0',
    replace: 'text.length % 4 !== 0',
    tests: [
      at(encoding, 'a text is read as base64 exactly when it is what its bytes are written as'),
      at(encoding, '"QR==" is not base64'),
    ],
  },
  {
    name: 'white space is overlooked in base64',
    file: 'ledger/src/encoding.ts',
    find: 'if (text.length !== Math.ceil(bytes.length / 3) * 4)',
    replace: 'if (text.length < Math.ceil(bytes.length / 3) * 4)',
    tests: [
      at(encoding, 'a text is read as base64 exactly when it is what its bytes are written as'),
      at(encoding, '" QQ==" is not base64'),
    ],
  },
  {
    name: 'members in any order are taken for canonical at first sight',
    file: 'ledger/src/plainly-canonical.ts',
    find: 'if (name < before)',
    replace: 'if (name === undefined)',
    tests: [
      at(plainly, 'whatever is seen at once to be canonical is what is written anew'),
      at(canonical, 'members out of order is refused'),
    ],
  },
  {
    name: 'members named by indexes are taken to be where JSON.parse puts them',
    file: 'ledger/src/plainly-canonical.ts',
    find: 'startsWithDigit(name) ? at + unknown : at',
    replace: 'at',
    tests: [at(plainly, 'members whose names are indexes are in the order in which they stand in the text')],
  },
  {
    name: 'a number may be written with an exponent that is as long',
    file: 'ledger/src/plainly-canonical.ts',
    find: 'value % 1000 === 0 || !text.startsWith(canonical, at)',
    replace: 'value % 1000 === 0',
    tests: [at(plainly, 'a space is not made up for by a shorter number')],
  },
  {
    name: 'JSON is read in any form',
    file: 'ledger/src/parse-canonical-json.ts',
    find: 'if (canonical !== text)',
    replace: 'if (canonical.length > text.length)',
    tests: [
      at(canonical, 'is refused with the code that was asked for'),
      at('ledger/src/statement.test.ts', 'a statement in another form than the canonical one is refused'),
    ],
  },
];

/** The ledger's guarantees: one log, signed by one key, of which nothing can be changed, dropped or slipped in unnoticed. */
export const ledgerMutants: readonly Mutant[] = [...storedLog, ...verification];
