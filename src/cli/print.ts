// Whoever reads our output may stop early, as `head` does; that is no failure of ours.
process.stdout.on('error', (error: { code?: string }) => {
  if (error.code !== 'EPIPE') throw error;
});

/** A line for people, or the data that was asked for. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A line about what is wrong. */
export function printError(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Data as JSON on one line, so that the last line of an output can be read by a program. */
export function printJson(data: unknown): void {
  print(JSON.stringify(data));
}
