import type { Command } from 'commander';
import { loadConfig } from '../../config/load-config.ts';
import { withTrailOptions, type TrailOptions } from '../options.ts';
import { print, printJson } from '../print.ts';
import { withTrail } from '../trail.ts';

type KeysOptions = TrailOptions & { json?: boolean };

/** `countersign keys`: the public keys by which others check what is signed here. A private one is never shown. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('show the public key that signs records and the log, or change it');
  withTrailOptions(keys.command('show', { isDefault: true }).description('show the public keys, past ones too'))
    .option('--json', 'print data')
    .action(async (options: KeysOptions) => {
      const config = loadConfig({ path: options.config });
      const report = await withTrail(options, (trail) => trail.keys(config));
      if (options.json === true) return printJson(report);
      print(`Log           ${report.origin}`);
      print(`Verifier key  ${report.verifier_key}`);
      print(`Key id        ${report.key_id}`);
      print(report.pem.trimEnd());
      for (const { from, verifier_key, at } of report.history) print(`From entry ${from}, ${at}: ${verifier_key}`);
    });

  withTrailOptions(
    keys.command('rotate').description('go over to another key; the old and the new one sign the change'),
  )
    .option('--json', 'print data')
    .action(async (options: KeysOptions) => {
      const config = loadConfig({ path: options.config });
      const { rotation, report } = await withTrail(options, async (trail) => {
        const rotation = await trail.rotateKey(config);
        return { rotation, report: await trail.keys(config) };
      });
      if (options.json === true) return printJson({ index: rotation.index, ...report });
      print(`Entry ${rotation.index} of the log, signed by both keys, says that from here on it is signed with`);
      print(report.verifier_key);
      print('Publish this key where auditors look. What was signed before stays verifiable with the key before.');
      if (rotation.byEnvironment) {
        print('Give every node the new key in COUNTERSIGN_SIGNING_KEY, and take COUNTERSIGN_NEXT_SIGNING_KEY away.');
      } else {
        print('The old private key is gone. Back up the new one: signing-key.pem in the data folder.');
      }
    });
}
