import { readFileSync } from 'node:fs';
import { assemble, type Config } from './config.ts';
import { ConfigFile } from './config-file.ts';
import { readCredentials, readDatabaseUrl } from './credentials.ts';
import { dotenvBeside, isNoFile, withDotenv } from './dotenv.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { explainIssues } from './explain-issues.ts';
import type { Secret } from './secret.ts';
import { createSecretSource, type Environment } from './secrets.ts';
import { readPrompt, summaryKeyNeed, type PromptFile } from './summary-prompt.ts';
import { readYaml } from './yaml-source.ts';

export interface LoadConfigOptions {
  /** Where `countersign.yaml` is. A `.env` beside it adds to the environment. */
  readonly path: string;
  readonly environment?: Environment;
  readonly readFile?: (path: string) => string;
}

/** Reads the whole configuration, or throws one `ConfigError` with everything that is wrong with it. */
export function loadConfig(options: LoadConfigOptions): Config {
  const { path, environment = process.env, readFile = (name) => readFileSync(name, 'utf8') } = options;
  const file = readSections(path, readFile);
  const dotenv = readDotenv(path, readFile);
  const source = createSecretSource(withDotenv(environment, dotenv.text), readFile);
  const credentials = readCredentials(source, summaryKeyNeed(file.sections?.summary));

  const problems = [...file.problems, ...dotenv.problems, ...source.problems];
  if (problems.length > 0 || file.sections === undefined || credentials === undefined) throw new ConfigError(problems);
  return assemble(file.sections, credentials, file.prompt);
}

/**
 * Where the database is, for commands that only look at the trail: they need no vendor's credential.
 * Null stands for the built-in Postgres. Throws a `ConfigError` where `DATABASE_URL` is set and no address.
 */
export function loadDatabaseUrl(options: LoadConfigOptions): Secret | null {
  const { path, environment = process.env, readFile = (name) => readFileSync(name, 'utf8') } = options;
  const dotenv = readDotenv(path, readFile);
  const source = createSecretSource(withDotenv(environment, dotenv.text), readFile);
  const url = readDatabaseUrl(source);
  const problems = [...dotenv.problems, ...source.problems];
  if (problems.length > 0) throw new ConfigError(problems);
  return url;
}

interface Sections {
  readonly sections?: ConfigFile;
  readonly prompt: PromptFile | null;
  readonly problems: readonly ConfigProblem[];
}

function readSections(path: string, readFile: (path: string) => string): Sections {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    const message = codeOf(error) === 'ENOENT' ? 'there is no such file' : `cannot be read (${codeOf(error)})`;
    const hint = 'Start from countersign.example.yaml';
    return { prompt: null, problems: [{ file: path, line: null, column: null, path: '', message, hint }] };
  }
  const source = readYaml(path, text);
  if (!source.readable) return { prompt: null, problems: source.problems };
  const parsed = ConfigFile.safeParse(withoutEmptySections(source.value));
  if (parsed.success) {
    const { prompt, issues } = readPrompt(path, parsed.data.summary.prompt, readFile);
    return {
      sections: parsed.data,
      prompt,
      problems: [...source.problems, ...explainIssues(path, source, issues)].toSorted(byPlace),
    };
  }
  const found = explainIssues(path, source, parsed.error.issues);
  return { prompt: null, problems: [...source.problems, ...found].toSorted(byPlace) };
}

// A section whose keys are all commented out is as if it was not there; so is a file.
function withoutEmptySections(value: unknown): unknown {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, section]) => section !== null));
}

function readDotenv(path: string, readFile: (path: string) => string): { text: string; problems: ConfigProblem[] } {
  const file = dotenvBeside(path);
  const wrong = (message: string, hint: string) => ({
    text: '',
    problems: [{ file, line: null, column: null, path: '', message, hint }],
  });
  try {
    // Whoever reads a pipe waits for somebody who writes.
    if (isNoFile(file)) return wrong('is no file', 'Put a file there, or move it away');
    return { text: readFile(file), problems: [] };
  } catch (error) {
    if (noFile.includes(codeOf(error))) return { text: '', problems: [] };
    return wrong(`cannot be read (${codeOf(error)})`, 'Make it readable for this user, or move it away');
  }
}

const unknownReason = 'unknown reason';
const noFile = ['ENOENT', 'ENOTDIR', unknownReason];

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : unknownReason;
}

function byPlace(one: ConfigProblem, other: ConfigProblem): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}
