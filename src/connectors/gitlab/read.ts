import { createHash } from 'node:crypto';
import { z, type ZodType } from 'zod';
import type { Answer, Reading } from '../../domain/evidence.ts';
import { ConnectorError, isConnectorError } from '../errors.ts';
import { parseJson, type Http, type HttpAnswer } from '../http.ts';
import { failureOf } from './failure.ts';
import { nextPage, perPage } from './pages.ts';

export interface Connection {
  /** `https://gitlab.com/api/v4` */
  readonly api: string;
  /** `https://gitlab.com/api/graphql` */
  readonly graphql: string;
  /** `gitlab.com`, without a port. */
  readonly host: string;
  readonly token: string;
  readonly http: Http;
  readonly now: () => Date;
}

/** What became of one part: its reading, every answer as it came, and the error where it could not be read. */
export interface Outcome<T> {
  readonly reading: Reading<T>;
  readonly answers: readonly Answer[];
  readonly error?: ConnectorError;
}

/** Asks once, and keeps the answer; with a body, by POST. */
export type Ask = (url: string, body?: unknown) => Promise<HttpAnswer>;

/** Reads one thing. Failing is an outcome, not an exception. */
export function readOne<T>(
  connection: Connection,
  name: string,
  path: string,
  schema: ZodType<T>,
): Promise<Outcome<T>> {
  return readPart(connection, name, async (ask) => parseAnswer(schema, await ask(`${connection.api}${path}`)));
}

export const mostPages = 100;
const mostBytes = 32 * 1024 * 1024;

/** Reads a whole listing, page by page. It is complete, or it is not read at all. */
export function readList<T>(
  connection: Connection,
  name: string,
  path: string,
  schema: ZodType<T>,
): Promise<Outcome<T[]>> {
  return readPart(connection, name, async (ask) => {
    const rows: T[] = [];
    const asked = new Set<string>();
    let bytes = 0;
    const first = new URL(`${connection.api}${path}`);
    first.searchParams.set('per_page', String(perPage));
    for (let url: string | undefined = first.href; url !== undefined;) {
      if (asked.has(url)) throw endless(name, 'bad_response', 'leads in a circle');
      if (asked.size >= mostPages || bytes > mostBytes) throw endless(name, 'too_large', 'is longer than can be kept');
      asked.add(url);
      const answer: HttpAnswer = await ask(url);
      const page = parseAnswer(z.array(schema), answer);
      rows.push(...page);
      bytes += answer.bytes.length;
      url = nextPage(answer, page.length);
    }
    return rows;
  });
}

function endless(name: string, code: 'bad_response' | 'too_large', what: string): ConnectorError {
  return new ConnectorError({ vendor: 'gitlab', code, message: `The listing of ${name} ${what}` });
}

/** Reads one part in as many requests as it takes, under one name. */
export async function readPart<T>(
  { http, token, now }: Connection,
  name: string,
  read: (ask: Ask) => Promise<T>,
): Promise<Outcome<T>> {
  const answers: Answer[] = [];
  const ask: Ask = async (url, body) => {
    const headers = { 'private-token': token, accept: 'application/json' };
    const answer = await http(
      body === undefined
        ? { url, headers }
        : {
            method: 'POST',
            reads: 'where_query',
            url,
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          },
    );
    answers.push({
      name: answers.length === 0 ? name : `${name}.${answers.length + 1}`,
      url,
      status: answer.status,
      bytes: answer.bytes,
      sha256: createHash('sha256').update(answer.bytes).digest('hex'),
      observedAt: answer.observedAt,
    });
    if (answer.status !== 200) throw failureOf(answer, now());
    return answer;
  };
  try {
    const value = await read(ask);
    const observedAt = answers.at(-1)?.observedAt ?? now().toISOString();
    return { reading: { ok: true, value, observedAt, sha256: answers.map(({ sha256 }) => sha256) }, answers };
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    return failed(error, answers);
  }
}

/** What becomes of a part that could not be read; what was answered until then is kept. */
export function failed(error: ConnectorError, answers: readonly Answer[]): Outcome<never> {
  return { reading: { ok: false, code: error.code, status: error.status ?? null }, answers, error };
}

/** Parses an answer of status 200. JSON of another shape is `bad_response`; no JSON at all is an outage. */
export function parseAnswer<T>(schema: ZodType<T>, answer: HttpAnswer): T {
  try {
    JSON.parse(answer.bytes.toString('utf8'));
  } catch (cause) {
    // GitLab answers in JSON: this is a proxy's page, or what was left of an answer on the way.
    throw new ConnectorError({
      vendor: 'gitlab',
      code: 'server_error',
      status: answer.status,
      message: `Something that is not JSON was answered to ${new URL(answer.url).pathname}. Is a proxy between here and GitLab?`,
      cause,
    });
  }
  return parseJson('gitlab', schema, answer);
}

/** The same outcome, its value turned into another where there is one. */
export function mapOutcome<T, R>({ reading, ...rest }: Outcome<T>, map: (value: T) => R): Outcome<R> {
  return { ...rest, reading: reading.ok ? { ...reading, value: map(reading.value) } : reading };
}
