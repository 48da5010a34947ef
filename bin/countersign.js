#!/usr/bin/env node
// Starts Countersign from its sources, whatever Node this is.
import { createRequire } from 'node:module';
import { isRecent, runNode } from './pinned-node.js';

const main = '../src/cli/main.ts';
const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)].join(' ');

if (isRecent() && /(^| )(--conditions|-C)[= ]countersign-source( |$)/.test(flags)) {
  // Everything is in place already, so one process is enough.
  await import(new URL(main, import.meta.url).href);
} else {
  const file = createRequire(import.meta.url).resolve(main);
  // A small young generation, and a heap that grows with care: the burst stays small, and the rate nearly the same. A node
  // that is a front door alone holds little, and throws away all the more.
  const isWeb = / --role[= ]web( |$)/.test(` ${process.argv.slice(2).join(' ')} `);
  const args = [
    `--max-semi-space-size=${isWeb ? 32 : 4}`,
    '--max-old-space-size=512',
    '--conditions=countersign-source',
    '--disable-warning=ExperimentalWarning',
    file,
    ...process.argv.slice(2),
  ];
  // What many threads have freed goes back to the system (glibc's malloc; others ignore it).
  process.env.MALLOC_ARENA_MAX ??= '2';
  process.env.MALLOC_TRIM_THRESHOLD_ ??= '131072';
  runNode(args, { leash: true });
}
