/** Why no pack, list or sample can be made of what was asked for. */
export type PackErrorCode =
  | 'log_empty' // nothing has been sealed yet
  | 'change_unknown' // no such change has been taken up
  | 'change_unsealed' // it has no record yet
  | 'population_unknown' // that entry seals no list of changes
  | 'bad_period';

export class PackError extends Error {
  readonly code: PackErrorCode;

  constructor(code: PackErrorCode, message: string) {
    super(message);
    this.name = 'PackError';
    this.code = code;
  }
}
