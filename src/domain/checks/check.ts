import type { Approver } from '../approvers.ts';
import type { Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import type { CheckId } from '../policy.ts';

export type CheckVerdict = 'pass' | 'fail' | 'undetermined' | 'not_applicable';

/** What one check found. */
export interface Judgement {
  readonly verdict: CheckVerdict;
  /** A code of the check's own `reasons`. */
  readonly reason: string;
  /** Ids of the users whom the reason is about. */
  readonly about?: readonly number[];
}

/** A control that auditors look for, for which a check is evidence. */
export interface ControlReference {
  readonly framework: 'SOC 2' | 'ISO 27001' | 'PCI DSS' | 'NIST SSDF' | 'SLSA';
  readonly control: string;
}

/** One control check: a pure question about a record. */
export interface Check {
  readonly id: CheckId;
  /** What it asks for, in a few words. */
  readonly name: string;
  /** Parts of the record that it reads, as JSON pointers (RFC 6901). */
  readonly fields: readonly string[];
  readonly controls: readonly ControlReference[];
  /** What each reason means, in a sentence for people; an undetermined one ends with what would settle it. */
  readonly reasons: Readonly<Record<string, string>>;
  judge(facts: Facts): Judgement;
}

export function pass(reason: string, about?: readonly number[]): Judgement {
  return judgement('pass', reason, about);
}

export function fail(reason: string, about?: readonly number[]): Judgement {
  return judgement('fail', reason, about);
}

export function undetermined(reason: string, about?: readonly number[]): Judgement {
  return judgement('undetermined', reason, about);
}

export function notApplicable(reason: string): Judgement {
  return judgement('not_applicable', reason);
}

function judgement(verdict: CheckVerdict, reason: string, about: readonly number[] = []): Judgement {
  return about.length === 0 ? { verdict, reason } : { verdict, reason, about };
}

/** How many of some approvers answer a question with yes, and how many may. */
export interface Tally {
  readonly certain: readonly number[];
  /** Those who are certain, and those of whom it is not known. */
  readonly possible: readonly number[];
  /** Ground of the first doubt. */
  readonly doubt: string | undefined;
}

/** Counts by one question. */
export function tally(approvers: readonly Approver[], question: (approver: Approver) => Finding): Tally {
  const answers = approvers.map((approver) => ({ id: approver.userId, finding: question(approver) }));
  return {
    certain: answers.filter(({ finding }) => finding.is === 'yes').map(({ id }) => id),
    possible: answers.filter(({ finding }) => finding.is !== 'no').map(({ id }) => id),
    doubt: answers.find(({ finding }) => finding.is === 'unknown')?.finding.why,
  };
}
