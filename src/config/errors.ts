/** One thing that is wrong, where it stands, and what would be right. Never holds a secret or a value from the file. */
export interface ConfigProblem {
  /** The file as it was named, or `environment`. */
  readonly file: string;
  /** Counted from 1; null where the problem has no place in a file. */
  readonly line: number | null;
  readonly column: number | null;
  /** The key, `slack.pods[1].channel`, or the name of the variable. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/** Everything that is wrong with a configuration, at once. */
export class ConfigError extends Error {
  readonly code = 'config_invalid';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    super(`The configuration has ${count}:\n${problems.map(problemLine).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** One problem as a line for people, its place first, so that editors and terminals link it. */
export function problemLine({ file, line, column, message, hint }: ConfigProblem): string {
  const place = line === null ? file : `${file}:${line}:${column ?? 1}`;
  return `${place}: ${message}. ${hint}`.trimEnd();
}
