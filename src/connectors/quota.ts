import type { AnswerHeaders } from './http.ts';

/** Families of headers that say how much of a limit is left, by the beginning of their names. */
const families = [
  'ratelimit', // GitLab
  'x-ratelimit', // Confluence, Cloud and Data Center
  'x-ratelimit-requests', // Linear
  'x-ratelimit-complexity',
  'x-ratelimit-endpoint-requests',
] as const;

/** The share of its limits that a vendor says is left, 0 to 1: the smallest where it counts several. Undefined where it says nothing. */
export function shareLeft(headers: AnswerHeaders): number | undefined {
  const shares = families.flatMap((family) => {
    const limit = numberIn(headers, `${family}-limit`);
    const left = numberIn(headers, `${family}-remaining`);
    return limit === undefined || left === undefined || limit <= 0 ? [] : [Math.min(1, left / limit)];
  });
  return shares.length === 0 ? undefined : Math.min(...shares);
}

function numberIn(headers: AnswerHeaders, name: string): number | undefined {
  const text = headers.get(name)?.trim() ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
