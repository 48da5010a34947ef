import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

/** A command in a pseudo-terminal, and whoever sits before it. */
export interface Terminal {
  /** What has been shown since the last answer, without colours and cursor moves. */
  screen(): string;
  /** All that was ever shown. */
  everything(): string;
  /** All that was ever shown, with colours and cursor moves. */
  raw(): string;
  /** Waits until something is shown that was not there at the last answer. */
  sees(what: string | RegExp): Promise<void>;
  /** Types, without Enter. */
  types(text: string): void;
  /** Waits until a question is being asked, types an answer and presses Enter. */
  answers(question: string, answer?: string): Promise<void>;
  /** Ends the session as Ctrl-C does. */
  interrupts(): void;
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
}

const patienceMs = 15_000;

/** Runs a command of Countersign in a terminal of its own (`script` of util-linux). */
export function openTerminal(
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly size?: { readonly columns: number; readonly rows: number };
  },
): Terminal {
  const { columns, rows } = options.size ?? { columns: 140, rows: 50 };
  const countersign = new URL('../../bin/countersign.js', import.meta.url).pathname;
  const line = [process.execPath, countersign, ...args].map((one) => `'${one.replaceAll("'", "'\\''")}'`).join(' ');
  const child = spawn('script', ['-qefc', `stty cols ${columns} rows ${rows}; exec ${line}`, '/dev/null'], {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: options.cwd, TERM: 'xterm-256color', ...options.environment },
  });
  let shown = '';
  let mark = 0;
  const waiting = new Set<() => void>();
  const hear = (chunk: Buffer): void => {
    shown += chunk.toString('utf8');
    for (const look of waiting) look();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number>((resolve) => {
    child.on('close', (code) => {
      resolve(code ?? -1);
      for (const look of waiting) look();
    });
  });
  let isOver = false;
  void ended.then(() => (isOver = true));
  // A test that fails leaves nobody sitting there.
  process.once('exit', () => void child.kill('SIGHUP'));

  const plain = (from: number): string => stripVTControlCharacters(shown.slice(from));
  const sees = (what: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const giveUp = (why: string): void => {
        finish();
        reject(new Error(`${why}: ${String(what)}\n--- the terminal shows:\n${plain(mark)}`));
      };
      const timer = setTimeout(() => giveUp('Never seen'), patienceMs);
      const look = (): void => {
        const text = plain(mark);
        if (typeof what === 'string' ? text.includes(what) : what.test(text)) {
          finish();
          resolve();
        } else if (isOver) giveUp('It ended before this was seen');
      };
      const finish = (): void => {
        clearTimeout(timer);
        waiting.delete(look);
      };
      waiting.add(look);
      look();
    });
  const types = (text: string): void => {
    mark = shown.length;
    child.stdin.write(text);
  };
  return {
    screen: () => plain(mark),
    everything: () => stripVTControlCharacters(shown),
    raw: () => shown,
    sees,
    types,
    async answers(question, answer = '') {
      await sees(`◆  ${question}`);
      types(`${answer}\r`);
    },
    interrupts: () => types('\u0003'),
    ended,
  };
}

/** Keys that are not letters. */
export const keys = { down: '\u001b[B', tab: '\t', space: ' ', clearLine: '\u0015' } as const;
