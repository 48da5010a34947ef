import { formatVerifierKey, shortHead } from '@countersign/ledger';
import { primitives } from '../../compose.ts';
import { print } from '../print.ts';
import { line } from '../terminal-text.ts';
import type { Verified } from './verified.ts';

const warnings: Readonly<Record<Verified['trustedBy'], string>> = {
  given: 'given by you, or signed in by one that was',
  pack: 'only its own: compare it with one from elsewhere, and give it with --key',
  log: 'only the one that the log itself names: compare it with one from elsewhere, and give it with --key',
};

/** Says what was found out. All of it may be foreign text. */
export function printVerified(verified: Verified): void {
  const { shown, more, head, since, failures } = verified;
  for (const { id, ok, what } of shown) print(`${ok ? '✓' : '✗'} ${line(id)}  ${line(what)}`);
  if (more > 0) print(`  and ${more} more`);
  const counts = Object.entries(verified.verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  if (counts.length > 0) print(`Verdicts      ${line(counts.join(', '))}`);
  if (head !== undefined) {
    print(`Log           ${line(head.origin)}`);
    print(`Head          ${shortHead(head)}`);
  }
  if (since !== undefined)
    print(`Since         ${since.size} entries: ${since.holds ? 'the log begins with them' : 'NOT what it was'}`);
  const key = verified.keys.at(-1)?.key;
  if (key !== undefined) {
    print(`Key           ${line(formatVerifierKey(primitives, key))}`);
    print(`              ${warnings[verified.trustedBy]}`);
  }
  if (verified.keys.length > 1)
    print(`              ${verified.keys.length} keys one after another, each signed in by the one before`);
  for (const note of verified.notes) print(line(note));
  for (const { file, code, message } of failures) print(`✗ ${line(file)}: ${code}  ${line(message)}`);
  print(verified.ok ? 'Everything holds.' : `It does not hold: ${line(failures[0]?.file ?? '')}.`);
}

/** The same for programs. */
export function verifiedJson(verified: Verified): string {
  const { kind, ok, changes, verdicts, head, since, keys, trustedBy, details, failures } = verified;
  const json = JSON.stringify({
    ok,
    kind,
    changes,
    failures,
    verdicts,
    head:
      head === undefined
        ? null
        : { origin: head.origin, size: head.size, root: Buffer.from(head.root).toString('base64') },
    since: since ?? null,
    keys: keys.map(({ key, from }) => ({ from, verifier_key: formatVerifierKey(primitives, key) })),
    trusted_by: trustedBy,
    ...details,
  });
  // Nothing but ASCII, so that foreign text does nothing to a terminal.
  return json.replaceAll(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
