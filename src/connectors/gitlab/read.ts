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

/** Reads one thing. Failing is an outcome, not an exception. */
export function readOne<T>(
  connection: Connection,
  name: string,
  path: string,
  schema: ZodType<T>,
): Promise<Outcome<T>> {
  return outcomeOf(connection, name, async (ask) => parseJson('gitlab', schema, await ask(`${connection.api}${path}`)));
}

const mostPages = 100;
const mostBytes = 32 * 1024 * 1024;

/** Reads a whole listing, page by page. It is complete, or it is not read at all. */
export function readList<T>(
  connection: Connection,
  name: string,
  path: string,
  schema: ZodType<T>,
): Promise<Outcome<T[]>> {
  return outcomeOf(connection, name, async (ask) => {
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
      const page = parseJson('gitlab', z.array(schema), answer);
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

async function outcomeOf<T>(
  { http, token, now }: Connection,
  name: string,
  read: (ask: (url: string) => Promise<HttpAnswer>) => Promise<T>,
): Promise<Outcome<T>> {
  const answers: Answer[] = [];
  const ask = async (url: string): Promise<HttpAnswer> => {
    const answer = await http({ url, headers: { 'private-token': token, accept: 'application/json' } });
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
    return { reading: { ok: false, code: error.code, status: error.status ?? null }, answers, error };
  }
}
