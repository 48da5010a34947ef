import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { isLoopback } from './address.ts';
import type { Summary } from './sections/summary.ts';
import type { SummaryKeyNeed } from './vendor-auth.ts';

/** A file of instructions for the model, as it was read. */
export interface PromptFile {
  /** As it is named in the configuration: the same on every node. */
  readonly path: string;
  readonly text: string;
}

/** Characters. More would only make every summary dearer. */
export const longestPrompt = 8000;

/** Reads the file of instructions that is named in the configuration at a path, and says what is wrong with it. */
export function readPrompt(
  configPath: string,
  named: string | null,
  readFile: (path: string) => string,
): { readonly prompt: PromptFile | null; readonly issues: readonly z.core.$ZodIssue[] } {
  if (named === null) return { prompt: null, issues: [] };
  const path = resolve(dirname(configPath), named);
  let text: string;
  try {
    text = readFile(path).trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    const message = code === 'ENOENT' ? 'names a file that is not there' : `names a file that cannot be read (${code})`;
    return wrong(named, message, 'The path is taken from where this file is. Leave it out for the usual instructions');
  }
  if (text === '') {
    return wrong(named, 'names an empty file', 'Write into it what the model is to do, or leave it out');
  }
  if (text.length > longestPrompt) {
    return wrong(named, `names a file of ${text.length} characters`, `Keep it below ${longestPrompt}`);
  }
  // A program's file, or a text in another encoding.
  if (/[\0\ufffd]/.test(text)) return wrong(named, 'names a file that is no text in UTF-8', 'Save it as UTF-8');
  return { prompt: { path: named, text }, issues: [] };
}

/** Whether the model that is set asks for a key; one on this machine takes it where there is one. */
export function summaryKeyNeed(summary: Pick<Summary, 'model' | 'url'> | undefined): SummaryKeyNeed {
  if (summary === undefined || summary.model === null) return 'none';
  return summary.url !== null && isLoopback(new URL(summary.url).hostname) ? 'optional' : 'required';
}

function wrong(input: string, message: string, hint: string) {
  return {
    prompt: null,
    issues: [{ code: 'custom' as const, path: ['summary', 'prompt'], input, message, params: { hint } }],
  };
}
