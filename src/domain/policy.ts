import { canonicalJson, type Json } from '@countersign/ledger';
import type { Sha256 } from './disclosure.ts';

/** Every control check, in the order in which they are shown. The ids are stored data. */
export const checkIds = [
  'RC-01',
  'RC-02',
  'RC-03',
  'RC-04',
  'RC-05',
  'RC-06',
  'RC-07',
  'RC-08',
  'RC-09',
  'RC-10',
  'RC-11',
  'RC-12',
  'RC-13',
  'RC-14',
  'RC-15',
  'RC-16',
  'RC-17',
] as const;

export type CheckId = (typeof checkIds)[number];

/** What a check means for the overall verdict. One that is off is not judged. */
export type Mode = 'blocking' | 'advisory' | 'off';

/** What a review must show. Its digest stands in every record and verdict, so that it never changes silently. */
export interface Policy {
  /** Patterns of the labels that put a merge request in scope. */
  readonly labels: readonly string[];
  /** What takes their place in single projects, by full path. */
  readonly projectLabels: readonly { readonly path: string; readonly labels: readonly string[] }[];
  /** How many independent approvals a change needs. */
  readonly approvals: number;
  readonly checks: Readonly<Record<CheckId, Mode>>;
  /**
   * Whose commits are whose, where GitLab does not know. Addresses are compared without case. Without its id, a user name
   * says something only of a change in which somebody of that name appears.
   */
  readonly identities: readonly {
    readonly username: string;
    readonly id: number | null;
    readonly emails: readonly string[];
  }[];
  /** Of whom one must have approved; with neither, the check does not apply. */
  readonly securityReviewers: { readonly group: string | null; readonly usernames: readonly string[] };
  /** True where an author may press merge once others have approved. */
  readonly authorMayMerge: boolean;
  /** Whether a change without any pipeline is one whose checks failed to run. */
  readonly pipelines: 'required' | 'optional';
  /** Bots whose changes, in these projects, need no human approval. */
  readonly exemptions: readonly { readonly bot: string; readonly projects: readonly string[] }[];
  readonly emergency: Emergency;
}

/** What makes a change an emergency, and what is asked of one. */
export interface Emergency {
  readonly labels: readonly string[];
  readonly sourceBranches: readonly string[];
  /** Hours after the merge in which an independent person must have reviewed it. */
  readonly reviewWithinHours: number;
  /** The line of the description that gives the reason begins with this, for instance `Emergency:`. */
  readonly reasonPrefix: string;
  /** A comment that begins with this is a review after the fact, where GitLab takes no approval any more. */
  readonly reviewPrefix: string;
}

/** The policy as it is signed: canonical JSON (RFC 8785). */
export function canonicalPolicy(policy: Policy): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- plain data, by its type
  return canonicalJson({ ...policy } as unknown as Json);
}

/** SHA-256 of the canonical policy, lower-case hex. */
export function policyDigest(policy: Policy, sha256: Sha256): string {
  return sha256(canonicalPolicy(policy));
}
