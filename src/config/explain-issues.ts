import type { z } from 'zod';
import { readable } from '../domain/text.ts';
import type { ConfigProblem } from './errors.ts';
import { configJsonSchema, keyAt, KeySchema } from './json-schema.ts';
import { suggest } from './suggest.ts';
import type { YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

/** Says what is wrong with a file, where, and what would be right. */
export function explainIssues(file: string, source: YamlSource, issues: readonly Issue[]): ConfigProblem[] {
  const schema = KeySchema.parse(configJsonSchema());
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => explainKey(file, source, schema, [...issue.path, key]))
      : [explainValue(file, source, schema, issue)],
  );
}

function explainKey(file: string, source: YamlSource, schema: KeySchema, keys: readonly PropertyKey[]): ConfigProblem {
  const key = String(keys.at(-1));
  const known = Object.keys(keyAt(schema, keys.slice(0, -1)).properties ?? {});
  // What is no key at all may be a secret in the wrong place.
  const isKey = /^[a-z_]{1,40}$/.test(key) || suggest(key, known) !== undefined;
  const path = pathName(isKey ? keys : keys.slice(0, -1));
  const message = isKey
    ? `${path} is not a known key`
    : `${path === '' ? 'the file' : path} has a key that is not known`;
  return { file, ...source.placeOfKey(keys), path, message, hint: unknownKeyHint(key, known) };
}

function explainValue(file: string, source: YamlSource, schema: KeySchema, issue: Issue): ConfigProblem {
  const value = valueAt(source.value, issue.path);
  // A section begins with its key; what is wrong with a value stands after it.
  const isValue = value !== undefined && (typeof value !== 'object' || value === null);
  const place = isValue ? source.placeOfValue(issue.path) : source.placeOfKey(issue.path);
  const path = pathName(issue.path);
  const message = `${path === '' ? 'the file' : path} ${fault(issue, value)}`;
  return { file, ...place, path, message, hint: hintOf(issue, value, keyAt(schema, issue.path)) };
}

/** `slack.pods[1].channel`. */
export function pathName(path: readonly PropertyKey[]): string {
  return path
    .map((segment, at) =>
      typeof segment === 'number' ? `[${segment}]` : `${at === 0 ? '' : '.'}${readable(String(segment), 60)}`,
    )
    .join('');
}

function fault(issue: Issue, value: unknown): string {
  if (issue.code === 'custom') return issue.message;
  if (value === undefined) return 'is missing';
  if (value === null) return 'is empty';
  switch (issue.code) {
    case 'invalid_type':
      return `should be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_union':
      return 'should be text';
    case 'invalid_value':
      return 'is not one of the values it can have';
    case 'invalid_format':
      return issue.format === 'regex' && !issue.message.startsWith('Invalid')
        ? issue.message
        : 'is not in the right form';
    case 'too_small':
      if (issue.origin === 'array') return 'is an empty list';
      return issue.origin === 'string' ? 'is empty' : `is less than ${String(issue.minimum)}`;
    case 'too_big':
      return `is more than ${String(issue.maximum)}`;
    case 'unrecognized_keys':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    default:
      return 'is not right';
  }
}

const kinds: Partial<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with keys of its own',
};

function hintOf(issue: Issue, value: unknown, schema: KeySchema): string {
  if (issue.code === 'custom' && typeof issue.params?.hint === 'string') return issue.params.hint;
  if (issue.code === 'invalid_value') return `It can be ${issue.values.map(String).join(', ')}`;
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  const quotes = issue.code === 'invalid_type' && issue.expected === 'string' && scalar ? 'Put it in quotes. ' : '';
  return `${quotes}${about(schema)}`;
}

function about({ description = '', examples = [] }: KeySchema): string {
  const example = examples[0];
  if (example === undefined) return description;
  return `${description} For example: ${typeof example === 'string' ? example : JSON.stringify(example)}`.trim();
}

function unknownKeyHint(key: string, known: readonly string[]): string {
  const meant = suggest(key, known);
  if (meant !== undefined) return `Did you mean ${meant}?`;
  if (/token|secret|passw|credential|api_?key/i.test(key)) {
    return 'Secrets come from the environment or a file named there, never from this file';
  }
  return `Known here: ${known.join(', ')}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((at: unknown, segment) => {
    if (typeof at !== 'object' || at === null) return undefined;
    return Object.entries(at).find(([name]) => name === String(segment))?.[1];
  }, value);
}
