import { LedgerError, openZip, verifyPack, type PackScope, type Selected, type ZipSource } from '@countersign/ledger';
import type { GivenKeys } from '../given-keys.ts';
import { nodeHost, withFile } from '../node-host.ts';
import { createProgress } from '../progress.ts';
import { mostShown, type Verified } from './verified.ts';

/** Verifies a pack on the disk. */
export async function verifyPackFile(
  path: string,
  keys: GivenKeys | undefined,
  since: string | undefined,
): Promise<Verified> {
  const progress = { log: createProgress('entries of the log'), changes: createProgress('changes') };
  const shown: Verified['shown'][number][] = [];
  return withFile(path, async (source) => {
    const report = await verifyPack(nodeHost, source, {
      trustedKeys: keys === undefined ? undefined : keys(await originIn(source)),
      since,
      onProgress: ({ part, done, of }) => progress[part].show(done, of),
      onChange({ id, ok, verdict }) {
        if (shown.length < mostShown) shown.push({ id, ok, what: ok ? `holds; verdict ${verdict}` : 'does not hold' });
      },
    });
    progress.log.end();
    progress.changes.end();
    const { pack } = report;
    return {
      kind: 'pack',
      ok: report.ok,
      changes: report.changes,
      shown,
      more: report.changes - shown.length,
      verdicts: report.verdicts,
      head: report.head,
      since: report.since,
      keys: report.keys,
      trustedBy: report.trustedBy,
      notes: [
        ...(pack === undefined ? [] : [`Pack          ${scopeText(pack.scope)}, made ${pack.at} by ${pack.product}`]),
        ...(report.selected === undefined ? [] : selectedTexts(report.selected)),
      ],
      details: { pack: pack ?? null, selected: report.selected ?? null },
      failures: report.failures,
    };
  });
}

/** The name of the log in a pack, which a key in PEM does not have. Nothing is verified. */
async function originIn(source: ZipSource): Promise<string> {
  try {
    const zip = await openZip(nodeHost, source);
    for await (const entry of zip.entries()) {
      if (entry.name === 'log/checkpoint')
        return (
          Buffer.from(await zip.read(entry))
            .toString()
            .split('\n', 1)[0] ?? ''
        );
    }
  } catch (error) {
    // What is wrong with it is found again.
    if (!(error instanceof LedgerError)) throw error;
  }
  return '';
}

function scopeText(scope: PackScope): string {
  if (scope.kind === 'all') return 'all changes of the log';
  if (scope.kind === 'changes') return 'some changes';
  return `${scope.kind === 'period' ? 'all' : 'a sample'} of the list that entry ${scope.population} sealed`;
}

function selectedTexts({ from, until, listed, sample }: Selected): string[] {
  const period = `Period        ${from} to before ${until}: ${listed} changes`;
  if (sample === undefined) return [period];
  // Quoted, so that the nonce cannot be mistaken for what stands beside it.
  const drawn = `Sample        of size ${sample.size}, drawn with the nonce ${JSON.stringify(sample.nonce)}`;
  return [period, drawn, '              compare the nonce with the one that the auditor named'];
}
