import type { Database } from '../storage/database.ts';
import type { LogKeeper } from '../storage/keeper.ts';
import { appendKey } from '../storage/ledger.ts';
import { prepareNextSigner, promoteNextKey, type SigningKeyOptions } from '../storage/signing-key.ts';

export interface Rotation {
  /** The entry that both keys signed. */
  readonly index: number;
  /** True where the environment has to be changed: the service does not write there. */
  readonly byEnvironment: boolean;
}

/**
 * Goes over to the next key, beside a running service: whoever signs with the old one from here on is told so, and signs
 * again with the new. Cut off anywhere, the log has either key, and the next start finds out which.
 */
export async function rotateKey(
  database: Pick<Database, 'transaction'>,
  keeper: LogKeeper,
  options: SigningKeyOptions,
  now: Date,
): Promise<Rotation> {
  const next = await prepareNextSigner(options);
  const { index, head } = await database.transaction((trx) => appendKey(trx, keeper, next, now));
  await promoteNextKey(options);
  await keeper.refresh();
  await keeper.memory.see(head);
  return { index, byEnvironment: options.pem !== null };
}
