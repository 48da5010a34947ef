import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** A file with the text that it is to have. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/**
 * Writes files whole or not at all: each is written beside its place, and all are moved there once all are on the disk.
 * Everything in here is one step for whoever presses Ctrl-C.
 */
export function saveFiles(files: readonly NewFile[]): void {
  const written: { from: string; to: string }[] = [];
  try {
    for (const { path, text, mode } of files) {
      const from = `${path}.${randomUUID()}.new`;
      written.push({ from, to: path });
      const file = openSync(from, 'wx', mode);
      try {
        writeFileSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    }
    for (const { from, to } of written) renameSync(from, to);
  } finally {
    for (const { from } of written) rmSync(from, { force: true });
  }
}
