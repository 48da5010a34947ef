/** An answer to a question about the past: `unknown` is an answer of its own, and `why` says what it rests on. */
export interface Finding {
  readonly is: 'yes' | 'no' | 'unknown';
  /** A code: the ground of a no or an unknown, `plain` where there is nothing to say. */
  readonly why: string;
}

export const yes: Finding = { is: 'yes', why: 'plain' };

export function no(why: string): Finding {
  return { is: 'no', why };
}

export function unknown(why: string): Finding {
  return { is: 'unknown', why };
}

/** All of them: a single no decides; then the first unknown; only then yes. */
export function all(...findings: readonly Finding[]): Finding {
  return findings.find(({ is }) => is === 'no') ?? findings.find(({ is }) => is === 'unknown') ?? yes;
}

/** Something that could be learned, or the code of why not. */
export type Known<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string };
