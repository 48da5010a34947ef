import { at, type Mutant } from './mutant.ts';

const go = 'test/verifiers/go.test.ts';
const openssl = 'test/verifiers/openssl.test.ts';
const sigstore = 'test/verifiers/sigstore.test.ts';

/** What changes for whoever writes and whoever reads here alike: only software that is not ours tells that it is another form. */
export const verifierMutants: readonly Mutant[] = [
  {
    name: 'leaves are hashed with a prefix of our own',
    file: 'ledger/src/merkle.ts',
    find: 'leafPrefix = Uint8Array.of(0x00)',
    replace: 'leafPrefix = Uint8Array.of(0x02)',
    tests: [
      at(go, 'finds the leaf of a record by a proof that it makes from our tiles'),
      at(go, 'verifies a proof file by the program of the README'),
    ],
  },
  {
    name: 'nodes are hashed with a prefix of our own',
    file: 'ledger/src/merkle.ts',
    find: 'nodePrefix = Uint8Array.of(0x01)',
    replace: 'nodePrefix = Uint8Array.of(0x02)',
    tests: [at(go, 'finds leaves at the edges of tiles'), at(go, 'sees that a later head extends an earlier one')],
  },
  {
    name: 'entries have the length of our own byte order before them',
    file: 'ledger/src/tiles.ts',
    find: 'Uint8Array.of(entry.length >> 8, entry.length & 0xff)',
    replace: 'Uint8Array.of(entry.length & 0xff, entry.length >> 8)',
    tests: [at(go, 'finds the leaf of a record by a proof that it makes from our tiles')],
  },
  {
    name: 'notes are signed by a kind of key that nobody knows',
    file: 'ledger/src/note.ts',
    find: 'ed25519 = Uint8Array.of(0x01)',
    replace: 'ed25519 = Uint8Array.of(0x02)',
    tests: [at(go, 'opens the head')],
  },
  {
    name: 'proofs have a first line of our own',
    file: 'ledger/src/tlog-proof.ts',
    find: "firstLine = 'c2sp.org/tlog-proof@v1'",
    replace: "firstLine = 'c2sp.org/tlog-proof@v2'",
    tests: [at(go, 'verifies a proof file by the program of the README')],
  },
  {
    name: 'envelopes are signed under a version of our own',
    file: 'ledger/src/dsse.ts',
    find: '`DSSEv1 ${',
    replace: '`DSSEv2 ${',
    tests: [
      at(openssl, 'verifies the envelope of a sealed record'),
      at(sigstore, 'accepts the bundle of a sealed record'),
      at(sigstore, 'verifies the same bundle by the words of the DSSE specification'),
    ],
  },
  {
    name: 'a commitment is made the other way round',
    file: 'ledger/src/leaf.ts',
    find: 'joinBriefly(salt, envelope)',
    replace: 'joinBriefly(envelope, salt)',
    tests: [at(go, 'finds the leaf of a record by a proof that it makes from our tiles')],
  },
  {
    name: 'a bundle does not say of which version it is',
    file: 'ledger/src/dsse.ts',
    find: 'bundle.v0.3+json',
    replace: 'bundle+json',
    tests: [at(sigstore, 'accepts the bundle of a sealed record')],
  },
];
