import type { Primitives } from '@countersign/ledger';
import type { Kysely } from 'kysely';
import { openHeadMemory } from './head-memory.ts';
import type { LogKeeper } from './keeper.ts';
import { openSigner, type SigningKeyOptions } from './signing-key.ts';
import type { Tables } from './tables.ts';

/** Opens the keeper of the log in a database: with the key that it is signed with now, where that is at hand. */
export async function openKeeper(
  db: Kysely<Tables>,
  primitives: Primitives,
  options: SigningKeyOptions,
): Promise<LogKeeper> {
  const open = async () => {
    const log = await db.selectFrom('countersign.log').select(['origin', 'public_key']).executeTakeFirst();
    const isCurrent = (key: Uint8Array): boolean =>
      log === undefined || Buffer.from(key).toString('base64') === log.public_key;
    const origin = options.isUsualOrigin === true ? (log?.origin ?? options.origin) : options.origin;
    return openSigner({ ...options, origin }, isCurrent);
  };
  let signer = await open();
  let halted: Error | undefined;
  return {
    primitives,
    get signer() {
      return signer;
    },
    get halted() {
      return halted;
    },
    halt: (reason) => {
      halted = reason;
    },
    async refresh() {
      const before = signer;
      signer = await open();
      return !Buffer.from(before.publicKey).equals(signer.publicKey);
    },
    memory: await openHeadMemory(options.dataFolder),
  };
}
