/** One measured number beside its limit. */
export interface Line {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** What bounds it, measured in the same run and unit; null where the bound is a number of its own. */
  readonly limit: number | null;
  /** Value by limit; null where there is no measured limit. */
  readonly ratio: number | null;
  /** What has to hold, in words: `at least 0.6 of the limit`, `at most 14`. */
  readonly holds: string;
  readonly ok: boolean;
}

/** A line whose value is bounded by a share of a limit that was measured in the same run. */
export function ratioLine(
  name: string,
  unit: string,
  measured: { readonly value: number; readonly limit: number },
  bound: { readonly least: number } | { readonly most: number },
): Line {
  const ratio = measured.value / measured.limit;
  const ok = 'least' in bound ? ratio >= bound.least : ratio <= bound.most;
  const holds = 'least' in bound ? `at least ${bound.least} of the limit` : `at most ${bound.most} of the limit`;
  return { name, unit, ...measured, ratio, holds, ok };
}

/** A line whose value is bounded by a number, or by none: then it is there to be read. */
export function boundLine(
  name: string,
  unit: string,
  value: number,
  bound?: { readonly least: number } | { readonly most: number },
): Line {
  if (bound === undefined) return { name, unit, value, limit: null, ratio: null, holds: 'told', ok: true };
  const ok = 'least' in bound ? value >= bound.least : value <= bound.most;
  const holds = 'least' in bound ? `at least ${bound.least}` : `at most ${bound.most}`;
  return { name, unit, value, limit: null, ratio: null, holds, ok };
}
