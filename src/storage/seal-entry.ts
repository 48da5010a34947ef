import { randomBytes } from 'node:crypto';
import {
  commitmentOf,
  parseStatement,
  signEnvelope,
  statementOf,
  statementType,
  type LeafKind,
  type Signer,
  type Statement,
} from '@countersign/ledger';
import type { LogKeeper } from './keeper.ts';

/** What a sealed statement is about, where it is neither a record nor a verdict. */
export type StatementType = 'key' | 'policy' | 'journal' | 'publication' | 'population' | 'action' | 'heartbeat';

/** What is appended: the leaf is public, the envelope and its salt are not. */
export interface NewEntry {
  readonly changeId: number | null;
  readonly kind: LeafKind;
  /** Given for statements. */
  readonly type: StatementType | null;
  /** Which record or statement it is: printable ASCII, and public. */
  readonly id: string;
  readonly commitment: Uint8Array;
  readonly envelope: Uint8Array;
  readonly salt: Uint8Array;
}

/** Signs a statement, and makes the entry that commits to it. */
export function sealEntry(
  { primitives, signer }: Pick<LogKeeper, 'primitives' | 'signer'>,
  about: Pick<NewEntry, 'changeId' | 'kind' | 'type' | 'id'>,
  statement: Statement,
  signers: readonly Signer[] = [signer],
): NewEntry {
  const payload = statementOf(statement);
  const envelope = signEnvelope(primitives, { payloadType: statementType, payload }, signers);
  // Without it whoever guesses an envelope could tell from the log that it is there.
  const salt = randomBytes(32);
  return { ...about, envelope, salt, commitment: commitmentOf(primitives, salt, envelope) };
}

const predicates = 'https://github.com/countersign/countersign/predicates';

/** The entry of a statement of ours: its predicate type is named by what it is about. */
export function statementEntry(
  keeper: Pick<LogKeeper, 'primitives' | 'signer'>,
  statement: {
    readonly type: StatementType;
    /** What follows the type in the entry's id. */
    readonly name: string;
    readonly changeId?: number;
  } & Pick<Statement, 'subjects' | 'predicate'>,
  signers?: readonly Signer[],
): NewEntry {
  const { type, name, changeId = null, subjects, predicate } = statement;
  return sealEntry(
    keeper,
    { changeId, kind: 'statement', type, id: `${type}/${name}` },
    { subjects, predicateType: `${predicates}/${type}/v1`, predicate },
    signers,
  );
}

/** The statement in an envelope whose signature or commitment somebody else checks. Throws for what is no envelope. */
export function statementIn(envelope: Buffer): Statement {
  const { payload }: { payload: string } = JSON.parse(envelope.toString());
  return parseStatement(Buffer.from(payload, 'base64'));
}
