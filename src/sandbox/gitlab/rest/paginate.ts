import type { SandboxAnswer } from '../../http.ts';
import type { GitLabFact } from '../facts.ts';
import type { Asked } from './access.ts';
import { refuseEarly, Refusal } from './answers.ts';

const usualPage = 20;
const largestPage = 100;
const mostCounted = 10_000;

/** One page of a listing, with the headers that lead to the others. */
export function paginate<T>(
  asked: Asked,
  fact: GitLabFact,
  rows: readonly T[],
  show: (row: T) => unknown,
): SandboxAnswer {
  const page = Math.max(1, numberOf(asked.query, 'page') ?? 1);
  const wanted = numberOf(asked.query, 'per_page') ?? usualPage;
  if (wanted === 0) throw new Refusal(refuseEarly('6 parameters', 400, 'per_page has a value not allowed'));
  const size = Math.min(largestPage, wanted);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const counted = asked.world.switches.xTotalShown && rows.length <= mostCounted;

  const addressOf = (number: number): string => {
    const query = new URLSearchParams(asked.query);
    query.set('page', String(number));
    query.set('per_page', String(size));
    return `${asked.world.origin}${asked.request.path}?${query.toString()}`;
  };
  const links = [
    ...(page > 1 ? [`<${addressOf(page - 1)}>; rel="prev"`] : []),
    ...(page < pages ? [`<${addressOf(page + 1)}>; rel="next"`] : []),
    `<${addressOf(1)}>; rel="first"`,
    ...(counted ? [`<${addressOf(pages)}>; rel="last"`] : []),
  ];
  return {
    status: 200,
    headers: {
      link: links.join(', '),
      'x-page': String(page),
      'x-per-page': String(size),
      'x-next-page': page < pages ? String(page + 1) : '',
      'x-prev-page': page > 1 ? String(page - 1) : '',
      ...(counted ? { 'x-total': String(rows.length), 'x-total-pages': String(pages) } : {}),
    },
    body: rows.slice((page - 1) * size, page * size).map(show),
    fact: `gitlab ${fact}`,
  };
}

/** A whole number of the query; undefined where it is not given. */
export function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(refuseEarly('6 parameters', 400, `${name} is invalid`));
  return Number(text);
}

/** One of a few words; undefined where it is not given. */
export function choiceOf<T extends string>(query: URLSearchParams, name: string, values: readonly T[]): T | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const found = values.find((value) => value === text);
  if (found === undefined) throw new Refusal(refuseEarly('6 parameters', 400, `${name} does not have a valid value`));
  return found;
}

/** A time in ISO 8601, as epoch milliseconds; undefined where it is not given. */
export function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const time = /^\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new Refusal(refuseEarly('6 parameters', 400, `${name} is invalid`));
  return time;
}

/** `true` or `false`; undefined where it is not given. */
export function flagOf(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!['true', 'false', '1', '0'].includes(text))
    throw new Refusal(refuseEarly('6 parameters', 400, `${name} is invalid`));
  return text === 'true' || text === '1';
}
