/** `warn`: it works, and something that was promised is weaker than it could be. `fail`: it will not work. */
export type CheckStatus = 'ok' | 'warn' | 'fail';

/** One thing that was looked at before anything depends on it. */
export interface Check {
  /** `<vendor>.<what>`, the same in every version. */
  readonly id: string;
  readonly status: CheckStatus;
  /** What was found, and what it costs. Foreign text in it is made readable; it holds no secret. */
  readonly message: string;
  /** What to do, exactly. Null where nothing has to be done. */
  readonly fix: string | null;
}

/** It is as it should be. */
export function fine(id: string, message: string): Check {
  return { id, status: 'ok', message, fix: null };
}

/** It works, and costs something. */
export function warning(id: string, message: string, fix: string): Check {
  return { id, status: 'warn', message, fix };
}

/** It will not work. */
export function failure(id: string, message: string, fix: string): Check {
  return { id, status: 'fail', message, fix };
}
