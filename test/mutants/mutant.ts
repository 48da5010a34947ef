/** One deliberate sabotage, and the tests that have to notice it. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Exact source text; occurs once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Each of them has to turn red. */
  readonly tests: readonly NoticingTest[];
}

export interface NoticingTest {
  readonly file: string;
  /** Part of the test's full name, as in `an approval > stands`. */
  readonly name: string;
}

/** Names a test. */
export function at(file: string, name: string): NoticingTest {
  return { file, name };
}
