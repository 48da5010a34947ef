import { type Json } from '../canonical-json.ts';
import { type Checkpoint } from '../checkpoint.ts';
import { openEnvelope, signEnvelope } from '../dsse.ts';
import { decodeBase64, encodeBase64, encodeHex } from '../encoding.ts';
import { LedgerError } from '../errors.ts';
import { type TrustedKey } from '../note.ts';
import { objectOf, objectWith, stringOf } from '../parse-canonical-json.ts';
import { type Primitives, type Signer } from '../primitives.ts';
import { parseStatement, statementOf, statementType } from '../statement.ts';
import { packFiles } from './paths.ts';
import { packPredicate } from './predicates.ts';
import { countOf, instantOf } from './read-json.ts';
import { type PackScope } from './report.ts';

/** What is signed of a pack. */
export interface PackStatement {
  /** When it was made: ISO 8601. */
  readonly at: string;
  /** Name and version of what made it. */
  readonly product: string;
  /** The head of the log in the pack. */
  readonly head: Pick<Checkpoint, 'origin' | 'size' | 'root'>;
  /** How many changes it holds. */
  readonly changes: number;
  readonly scope: PackScope;
}

const code = 'bad_pack';

/** `pack.envelope.json`: signs the list of digests, and with it all that is in the pack. */
export function signPack(p: Primitives, pack: PackStatement, sums: Uint8Array, signer: Signer): Uint8Array {
  const { at, product, head, changes, scope } = pack;
  const payload = statementOf({
    subjects: [{ name: packFiles.sums, digest: { sha256: encodeHex(p.sha256(sums)) } }],
    predicateType: packPredicate,
    predicate: {
      at,
      product,
      origin: head.origin,
      head: { size: head.size, root: encodeBase64(head.root) },
      changes,
      scope: { ...scope },
    },
  });
  return signEnvelope(p, { payloadType: statementType, payload }, [signer]);
}

/** What the envelope of a pack says, and which list of digests it is about. Throws `bad_pack`, and as `openEnvelope`. */
export function openPack(
  p: Primitives,
  envelope: Uint8Array,
  key: TrustedKey,
): PackStatement & { readonly sumsSha256: string } {
  const { payloadType, payload } = openEnvelope(p, envelope, [key]);
  const { subjects, predicateType, predicate } = parseStatement(payload);
  const [subject, ...others] = subjects;
  const sumsSha256 = subject?.digest.sha256;
  if (payloadType !== statementType || predicateType !== packPredicate) throw bad('Not the statement of a pack');
  if (subject?.name !== packFiles.sums || sumsSha256 === undefined || others.length > 0) {
    throw bad('A statement of a pack is about its list of digests');
  }
  const said = objectWith(predicate, ['at', 'product', 'origin', 'head', 'changes', 'scope'], code);
  const head = objectWith(said.head, ['size', 'root'], code);
  instantOf(said.at, code);
  return {
    at: stringOf(said.at, 40, code),
    product: stringOf(said.product, 200, code),
    head: {
      origin: stringOf(said.origin, 1000, code),
      size: countOf(head.size, code),
      root: decodeBase64(stringOf(head.root, 44, code)),
    },
    changes: countOf(said.changes, code),
    scope: scopeOf(said.scope),
    sumsSha256,
  };
}

function scopeOf(value: Json | undefined): PackScope {
  const { kind } = objectOf(value, code);
  if (kind === 'all' || kind === 'changes') {
    objectWith(value, ['kind'], code);
    return { kind };
  }
  if (kind !== 'period' && kind !== 'sample') throw bad('A scope that is not known');
  return { kind, population: countOf(objectWith(value, ['kind', 'population'], code).population, code) };
}

function bad(message: string): LedgerError {
  return new LedgerError(code, message);
}
