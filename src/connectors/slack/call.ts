import type { ZodType } from 'zod';
import { parseJson, type Http } from '../http.ts';
import { failureOfError, failureOfStatus } from './failures.ts';
import { Answer } from './schema.ts';

/** Calls one method of the Web API and parses what it answers. Throws for anything but success. */
export type Call = <T>(method: string, values: Readonly<Record<string, unknown>>, schema: ZodType<T>) => Promise<T>;

/** The Web API over HTTP: forms in, JSON out, and an error's code says whether anything can have happened. */
export function createCall(options: {
  readonly url: string;
  readonly token: string;
  readonly http: Http;
  readonly now: () => Date;
}): Call {
  const base = options.url.replace(/\/*$/, '/');
  const { http, now } = options;

  return async (method, values, schema) => {
    const answer = await http({
      method: 'POST',
      ...(readingMethods.has(method) ? { reads: 'always' } : {}),
      url: base + method,
      headers: { authorization: `Bearer ${options.token}`, accept: 'application/json' },
      body: formOf(values),
    });
    // After a 5xx the method may have done its work, whatever the body says.
    if (answer.status >= 500) throw failureOfStatus(method, answer, now());
    const body = readAnswer(answer.bytes);
    if (body?.ok === false) throw failureOfError(method, answer, body, now());
    if (body === undefined || answer.status !== 200) throw failureOfStatus(method, answer, now());
    return parseJson('slack', schema, answer);
  };
}

// By its address every method could write: these are the ones that do not.
const readingMethods: ReadonlySet<string> = new Set([
  'auth.test',
  'chat.getPermalink',
  'conversations.history',
  'conversations.info',
  'conversations.list',
  'conversations.members',
  'conversations.replies',
]);

// Structures go as JSON text within the form; every method takes forms, not every one takes JSON.
function formOf(values: Readonly<Record<string, unknown>>): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return form;
}

function readAnswer(bytes: Buffer): Answer | undefined {
  try {
    return Answer.safeParse(JSON.parse(bytes.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
