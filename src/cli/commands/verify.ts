import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { CommandError } from '../errors.ts';
import { readGivenKeys } from '../given-keys.ts';
import { print } from '../print.ts';
import { line } from '../terminal-text.ts';
import { printVerified, verifiedJson } from '../verify/print-verified.ts';
import type { Verified } from '../verify/verified.ts';
import { verifyAddress } from '../verify/verify-address.ts';
import { verifyDocuments } from '../verify/verify-documents.ts';
import { verifyPackFile } from '../verify/verify-pack-file.ts';

interface VerifyOptions {
  readonly key: readonly string[];
  readonly since?: string;
  readonly json?: boolean;
}

/** `countersign verify`: whether a pack, a sealed document or a running log holds. Needs no configuration and no database. */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('verify a pack, the folder of a change, or the log of a running Countersign')
    .argument('<what>', 'a pack.zip, a folder of a change, a .tlog-proof file, or an http(s) address')
    .option(
      '-k, --key <key>',
      'a key that you trust: a verifier key, or a file with such or in PEM (repeatable)',
      collect,
      [],
    )
    .option('--since <head>', 'an earlier head that you kept: a file, or its short form, as 128:q1Xb0b2m7k8VYw3s')
    .option('--json', 'print data')
    .action(async (what: string, options: VerifyOptions) => {
      const verified = await verify(what, options);
      if (options.json === true) print(verifiedJson(verified));
      else printVerified(verified);
      if (!verified.ok) process.exitCode = 1;
    });
}

async function verify(what: string, options: VerifyOptions): Promise<Verified> {
  const keys = await readGivenKeys(options.key);
  const since = options.since === undefined ? undefined : await readSince(options.since);
  if (/^https?:\/\//i.test(what)) return verifyAddress(what, keys, since);
  const found = await stat(what).catch(() => undefined);
  if (found === undefined) throw new CommandError(`There is no ${line(what)}.`, 2);
  if (found.isFile() && !what.endsWith('.tlog-proof')) return verifyPackFile(what, keys, since);
  if (since !== undefined) {
    throw new CommandError('An earlier head can be held against a log: give a pack or an address with --since.', 2);
  }
  return verifyDocuments(what, keys);
}

/** The short form as it is, or what the file says. */
async function readSince(text: string): Promise<string> {
  if (/^\d{1,16}:[A-Za-z0-9+/]{16}$/.test(text)) return text;
  const note = await readFile(text, 'utf8').catch(() => undefined);
  if (note !== undefined) return note;
  throw new CommandError(`${line(text)} is neither the short form of a head nor a file that can be read.`, 2);
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
