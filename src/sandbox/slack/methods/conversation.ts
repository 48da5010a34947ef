import { missingScope, refuse } from '../answers.ts';
import type { Channel } from '../records.ts';

/** Refuses where the token may not do this in a channel of this kind. */
export function requireScope({ isPrivate }: Channel, scopes: ReadonlySet<string>, what: 'read' | 'history'): void {
  const needed = `${isPrivate ? 'groups' : 'channels'}:${what}`;
  if (!scopes.has(needed)) throw missingScope(needed, scopes);
}

/** Whether this can be a time stamp. */
export function isTs(text: string): boolean {
  return /^\d+(\.\d{1,6})?$/.test(text);
}

/** A cursor to a place in a list. */
export function writeCursor(kind: string, at: string): string {
  return Buffer.from(`${kind}:${at}`).toString('base64');
}

/** The place that a cursor of this kind names. */
export function readCursor(cursor: string | undefined, kind: string): string | undefined {
  if (cursor === undefined) return undefined;
  const [found, at] = Buffer.from(cursor, 'base64').toString('utf8').split(':');
  if (found !== kind || at === undefined || !isTs(at)) throw refuse('invalid_cursor');
  return at;
}
