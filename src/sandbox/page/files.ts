import { readFile } from 'node:fs/promises';
import type { PageAnswer } from './server.ts';

const files: Readonly<Record<string, readonly [name: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/build.js': ['build.js', 'text/javascript; charset=utf-8'],
  '/gitlab.js': ['gitlab.js', 'text/javascript; charset=utf-8'],
  '/vendors.js': ['vendors.js', 'text/javascript; charset=utf-8'],
  '/tools.js': ['tools.js', 'text/javascript; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
};

/** One of the files that make up the page; undefined where there is none of that name. */
export async function readPageFile(path: string): Promise<PageAnswer | undefined> {
  const file = Object.hasOwn(files, path) ? files[path] : undefined;
  if (file === undefined) return undefined;
  const [name, type] = file;
  const body = await readFile(new URL(`static/${name}`, import.meta.url));
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-cache' }, body };
}
