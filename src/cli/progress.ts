export interface Progress {
  show(done: number, total: number): void;
  /** Leaves the terminal on a fresh line. */
  end(): void;
}

const mostPerSecond = 10;

/** Shows on standard error how far long work has come: on a terminal one line that is rewritten, elsewhere nothing. */
export function createProgress(what: string): Progress {
  const { stderr } = process;
  let shownAt = 0;
  return {
    show(done, total) {
      const now = performance.now();
      const due = now - shownAt >= 1000 / mostPerSecond || done === total;
      if (!stderr.isTTY || !due) return;
      shownAt = now;
      stderr.write(`\r${done} of ${total} ${what}`);
    },
    end() {
      if (shownAt > 0) stderr.write('\n');
    },
  };
}
