/** A command that cannot go on, in words for whoever typed it. */
export class CommandError extends Error {
  /** 1: something was found to be wrong; 2: the command was used wrongly. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}
