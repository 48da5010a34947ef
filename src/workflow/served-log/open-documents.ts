import { tileWidth } from '@countersign/ledger';
import type { LogClient } from '../../connectors/log/client.ts';
import type { Failures } from './failures.ts';

const atOnce = 8;

/**
 * Has a service open all its sealed documents below a head of `size` entries, and takes note of what it finds. False where it does
 * not do that at all.
 */
export async function openDocuments(
  client: Pick<LogClient, 'checkSealed'>,
  size: number,
  failures: Failures,
  onProgress: (done: number) => void,
): Promise<boolean> {
  const bundles = Math.ceil(size / tileWidth);
  for (let first = 0; first < bundles; first += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, bundles - first) }, (_, at) => first + at);
    const checks = await Promise.all(
      numbers.map(async (bundle) => ({ bundle, check: await client.checkSealed(bundle) })),
    );
    for (const { bundle, check } of checks) {
      if (check === undefined && bundle === 0) return false;
      if (check === undefined) {
        const message = 'The service does not open these documents';
        failures.add({ file: `log/sealed/${bundle}`, code: 'file_missing', message });
        continue;
      }
      for (const { index, code } of check.broken) {
        const message = 'The service finds that this is not what it sealed';
        if (index < size) failures.add({ file: `log entry ${index}`, code, message, entry: index });
      }
    }
    onProgress(Math.min(size, (first + numbers.length) * tileWidth));
  }
  return true;
}
