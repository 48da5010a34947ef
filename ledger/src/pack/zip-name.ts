import { LedgerError } from '../errors.ts';

const longestName = 512;

/**
 * Whether a name can stand in a pack: printable ASCII, `/` between its parts, none of them empty, `.` or `..`; so that it
 * means the same file below one folder on every system.
 */
export function isSafeName(name: string): boolean {
  // No drive letters, no backslashes, no spaces: no name that a system would read in another way.
  return (
    name.length > 0 &&
    name.length <= longestName &&
    /^[!-~]+$/.test(name) &&
    !/[\\:*?"<>|]/.test(name) &&
    !/(^|\/)(\.{0,2})(\/|$)/.test(name)
  );
}

/** The name in some bytes of an archive. Throws `bad_zip` for one that no pack has. */
export function nameOf(bytes: Uint8Array): string {
  let text = '';
  if (bytes.length <= longestName + 1) text = String.fromCharCode(...bytes);
  // A folder ends in a slash.
  if (!isSafeName(text.endsWith('/') ? text.slice(0, -1) : text)) {
    throw new LedgerError('bad_zip', 'A name that no file of a pack has');
  }
  return text;
}
