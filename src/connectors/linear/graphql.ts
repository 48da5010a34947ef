import type { ZodType } from 'zod';
import { ConnectorError, isConnectorError, type ConnectorErrorCode } from '../errors.ts';
import type { Http, HttpAnswer } from '../http.ts';
import type { Credential } from './auth.ts';
import { aliasOf, documentOf, type Field } from './documents.ts';
import { failureOf, failureOfStatus } from './failures.ts';
import { GraphqlAnswer } from './schema.ts';

/** What one field answered. */
export type FieldAnswer =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: ConnectorError };

/** `none`: another field's error took this one's answer with it, or ended the document before it was reached. */
export type SentAnswer = FieldAnswer | { readonly kind: 'none' };

export interface Graphql {
  /** Sends one document and says for each field what it answered. Throws where the whole request failed. */
  send(operation: 'query' | 'mutation', name: string, fields: readonly Field[]): Promise<SentAnswer[]>;
  /** Reads every field, in as few documents as needed: a field that is refused spoils no other. */
  ask(name: string, fields: readonly Field[]): Promise<FieldAnswer[]>;
}

interface Attempt {
  readonly answer: HttpAnswer;
  readonly parsed: GraphqlAnswer | undefined;
}

// These concern the whole request, wherever in the answer they stand.
const forAll: ReadonlySet<ConnectorErrorCode> = new Set(['rate_limited', 'unauthorized']);

/** Linear's GraphQL over HTTP: errors by field, one renewal of the credential, nothing of the request in a message. */
export function createGraphql(options: {
  readonly url: string;
  readonly http: Http;
  readonly credential: Credential;
  readonly now: () => Date;
}): Graphql {
  const { url, http, credential, now } = options;

  async function attempt(authorization: string, body: string): Promise<Attempt> {
    const headers = { authorization, 'content-type': 'application/json', accept: 'application/json' };
    const answer = await http({ method: 'POST', reads: 'where_query', url, headers, body });
    return { answer, parsed: parse(answer) };
  }

  async function post(name: string, body: string): Promise<{ answer: HttpAnswer; parsed: GraphqlAnswer }> {
    const header = await credential.header();
    let last = await attempt(header, body);
    let failure = wholeFailure(last, name, now());
    if (failure?.code === 'unauthorized' && credential.renew(header)) {
      last = await attempt(await credential.header(), body);
      failure = wholeFailure(last, name, now());
    }
    if (failure !== undefined) throw failure;
    return { answer: last.answer, parsed: last.parsed ?? {} };
  }

  async function send(operation: 'query' | 'mutation', name: string, fields: readonly Field[]): Promise<SentAnswer[]> {
    const { answer, parsed } = await post(name, JSON.stringify(documentOf(operation, name, fields)));
    const errors = new Map<unknown, ConnectorError>();
    for (const error of parsed.errors ?? []) {
      const place = typeof error.path?.[0] === 'string' ? error.path[0] : null;
      if (!errors.has(place)) errors.set(place, failureOf(error, answer, name, now()));
    }
    return fields.map((_field, index) => {
      const alias = aliasOf(index);
      const value = parsed.data?.[alias];
      // An error that names no field speaks for every field without a value.
      const error = errors.get(alias) ?? (value === undefined || value === null ? errors.get(null) : undefined);
      if (error !== undefined) return { kind: 'error', error };
      return value === undefined ? { kind: 'none' } : { kind: 'value', value };
    });
  }

  async function ask(name: string, fields: readonly Field[]): Promise<FieldAnswer[]> {
    const answers = new Map<Field, FieldAnswer>();
    let left = fields;
    while (left.length > 0) {
      const round = left;
      const got = await send('query', name, round);
      for (const [index, answer] of got.entries()) {
        const field = round[index];
        if (field !== undefined && answer.kind !== 'none') answers.set(field, answer);
      }
      // An error in a field that may not be null takes the whole data with it: ask for the others again, unless the
      // error is one that goes away by waiting.
      left = round.filter((field) => !answers.has(field));
      const outage = got.find((answer) => answer.kind === 'error' && isOutage(answer.error.code));
      if (left.length > 0 && outage?.kind === 'error') throw outage.error;
      if (left.length === round.length) throw unreadable(name);
    }
    return fields.map((field) => answers.get(field) ?? { kind: 'error', error: unreadable(name) });
  }

  return { send, ask };
}

function wholeFailure({ answer, parsed }: Attempt, name: string, now: Date): ConnectorError | undefined {
  if (parsed === undefined) return failureOfStatus(answer, name, now);
  const errors = parsed.errors ?? [];
  const failures = errors.map((error) => failureOf(error, answer, name, now));
  const general = failures.find(({ code }) => forAll.has(code));
  if (general !== undefined) return general;
  if (errors.some(({ path }) => typeof path?.[0] === 'string') || (parsed.data && answer.status < 400))
    return undefined;
  return failures[0] ?? failureOfStatus(answer, name, now);
}

function isOutage(code: ConnectorErrorCode): boolean {
  return code === 'server_error' || code === 'bad_response';
}

function parse(answer: HttpAnswer): GraphqlAnswer | undefined {
  try {
    return GraphqlAnswer.safeParse(JSON.parse(answer.bytes.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** An answer of another shape than asked for. */
export function unreadable(operation: string, cause?: unknown): ConnectorError {
  return new ConnectorError({
    vendor: 'linear',
    code: 'bad_response',
    message: `Linear answered ${operation} in another shape than asked for`,
    cause,
  });
}

/** The value of an answer; null where the field was not asked, or what it asked for does not exist. */
export function readField<T>(answer: FieldAnswer | undefined, schema: ZodType<T>, operation: string): T | null {
  if (answer === undefined) return null;
  if (answer.kind === 'error') {
    if (answer.error.code === 'not_found') return null;
    throw answer.error;
  }
  if (answer.value === null) return null;
  const parsed = schema.safeParse(answer.value);
  if (parsed.success) return parsed.data;
  throw unreadable(operation, parsed.error);
}

/** The same, with one field's error as a value, so that it ends nothing but its own use. */
export function tryField<T>(
  answer: FieldAnswer | undefined,
  schema: ZodType<T>,
  operation: string,
): { readonly ok: true; readonly value: T | null } | { readonly ok: false; readonly error: ConnectorError } {
  try {
    return { ok: true, value: readField(answer, schema, operation) };
  } catch (error) {
    if (isConnectorError(error)) return { ok: false, error };
    throw error;
  }
}
