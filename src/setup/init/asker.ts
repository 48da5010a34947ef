/** Asks whoever sets Countersign up: on a terminal, in the console, or from what was given on the command line. */
export interface Asker {
  /** Says what comes and what is needed for it. */
  explain(title: string, lines: readonly string[]): void;
  /** Says what was found or done. */
  tell(line: string): void;
  /** Says what was made at a vendor: it stays there, whatever becomes of the files. */
  made(what: string): void;
  /** Says what works, and is weaker than it could be. */
  warn(line: string): void;
  /** Asks until the answer holds. */
  text<T>(question: TextQuestion<T>): Promise<T>;
  /** The same for what is not to be seen. */
  secret<T>(question: SecretQuestion<T>): Promise<T>;
  choose<V extends string>(question: Choice<V>): Promise<V>;
  chooseMany(question: Choices): Promise<readonly string[]>;
  confirm(question: Confirmation): Promise<boolean>;
  /** Shows that something takes a moment. */
  during<T>(what: string, run: () => Promise<T>): Promise<T>;
}

interface Question {
  /** Names the question for good: the flag by which it can be answered. */
  readonly id: string;
  readonly ask: string;
}

/** What an answer is worth: its value, with something to say about it; or what is wrong and what to do. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly note?: string }
  | { readonly ok: false; readonly problem: string };

export interface TextQuestion<T> extends Question {
  /** Taken where nothing is typed. */
  readonly initial?: string | undefined;
  readonly example?: string;
  readonly check: (text: string) => Promise<Checked<T>>;
}

export interface SecretQuestion<T> extends Question {
  /** The variable under which it stands in the environment. */
  readonly variable: string;
  /** A host that the file does not name yet: one that is set goes there only where somebody says so. */
  readonly newHost?: string | undefined;
  readonly check: (value: string) => Promise<Checked<T>>;
}

export interface Option<V extends string = string> {
  readonly value: V;
  readonly label: string;
  readonly hint?: string | undefined;
}

export interface Choice<V extends string> extends Question {
  readonly options: readonly Option<V>[];
  readonly initial?: V | undefined;
}

export interface Choices extends Question {
  readonly options: readonly Option[];
  readonly initial: readonly string[];
  /** True where one at least has to be chosen. */
  readonly needed?: boolean;
}

export interface Confirmation extends Question {
  readonly initial: boolean;
}
