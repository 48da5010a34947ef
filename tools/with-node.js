// Runs a tool of this repository, or a file, with the Node that Countersign brings along, whatever Node this is:
//   node tools/with-node.js vitest run
//   node tools/with-node.js --conditions=countersign-source tools/generate-schemas.ts
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { findNode, runNode } from '../bin/pinned-node.js';

const require = createRequire(import.meta.url);
const [first = '', ...rest] = process.argv.slice(2);
const isForNode = first.startsWith('-') || /\.[cm]?[jt]s$/.test(first);

const file = isForNode ? first : fileOf(first);

if (file === undefined) {
  console.error(`No package of this repository has a command "${first}". Run "npm ci" first.`);
  process.exitCode = 1;
} else {
  // Whatever the tool starts in its turn finds the same Node.
  process.env.PATH = [dirname(findNode() ?? process.execPath), process.env.PATH].join(delimiter);
  runNode([file, ...rest], { leash: false });
}

/** The file behind a command, from the packages that package.json names. */
function fileOf(command) {
  const { dependencies, devDependencies } = require('../package.json');
  const files = Object.keys({ ...devDependencies, ...dependencies }).map((name) => binOf(name, command));
  return files.find((found) => found !== undefined);
}

function binOf(name, command) {
  const folder = join(dirname(require.resolve('../package.json')), 'node_modules', name);
  try {
    const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = typeof bin === 'string' && name === command ? bin : bin?.[command];
    return file === undefined ? undefined : join(folder, file);
  } catch {
    return undefined;
  }
}
