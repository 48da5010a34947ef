import { canonicalJson, type Json } from './canonical-json.ts';
import { encodeText } from './encoding.ts';
import { LedgerError } from './errors.ts';
import { listOf, objectOf, objectWith, parseCanonicalJson, stringOf } from './parse-canonical-json.ts';

// https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md

/** What an envelope is told about a payload that is a statement. */
export const statementType = 'application/vnd.in-toto+json';

/** What a statement is about. */
export interface Subject {
  readonly name: string;
  /** At least one of `sha256` and `gitCommit`, in lower-case hex. */
  readonly digest: { readonly [algorithm: string]: string };
}

export interface Statement {
  readonly subjects: readonly Subject[];
  /** A URI that says how to read the predicate. */
  readonly predicateType: string;
  readonly predicate: { readonly [member: string]: Json };
}

const type = 'https://in-toto.io/Statement/v1';
const code = 'bad_statement';
const mostSubjects = 1000;

// digest_set.md: "Consumers MUST only accept algorithms that they consider secure." A commit's is what Git gives it.
const digestForms: ReadonlyMap<string, RegExp> = new Map([
  ['sha256', /^[0-9a-f]{64}$/],
  ['gitCommit', /^([0-9a-f]{40}|[0-9a-f]{64})$/],
]);

/** The bytes of a statement, in canonical JSON. Throws `bad_statement` for one that could not be read back. */
export function statementOf({ subjects, predicateType, predicate }: Statement): Uint8Array {
  const subject = subjects.map(({ name, digest }) => ({ name, digest }));
  const bytes = encodeText(canonicalJson({ _type: type, subject, predicateType, predicate }));
  parseStatement(bytes);
  return bytes;
}

/** The statement of such bytes. Throws `bad_statement` for anything that `statementOf` would have written otherwise. */
export function parseStatement(bytes: Uint8Array): Statement {
  const members = ['_type', 'subject', 'predicateType', 'predicate'];
  const statement = objectWith(parseCanonicalJson(bytes, code), members, code);
  if (statement._type !== type) throw new LedgerError(code, 'Not an in-toto statement, version 1');
  const subjects = listOf(statement.subject, mostSubjects, code).map(parseSubject);
  if (new Set(subjects.map(({ name }) => name)).size !== subjects.length) {
    throw new LedgerError(code, 'Two subjects have the same name');
  }
  const predicateType = stringOf(statement.predicateType, 1000, code);
  // field_types.md, TypeURI: RFC 3986, so with a scheme and without spaces.
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/.test(predicateType)) throw new LedgerError(code, 'A predicate type is a URI');
  return { subjects, predicateType, predicate: objectOf(statement.predicate, code) };
}

function parseSubject(value: Json): Subject {
  const { name, digest } = objectWith(value, ['name', 'digest'], code);
  const digests = Object.entries(objectOf(digest, code)).map(([algorithm, hex]): [string, string] => {
    const text = stringOf(hex, 64, code);
    if (!digestForms.get(algorithm)?.test(text)) throw new LedgerError(code, 'Not a digest of sha256 or gitCommit');
    return [algorithm, text];
  });
  if (digests.length === 0) throw new LedgerError(code, 'A subject has no digest');
  return { name: stringOf(name, 1000, code), digest: Object.fromEntries(digests) };
}
