import { generateKeyPairSync, sign } from 'node:crypto';
import { forgetfulMemory } from '../../src/storage/head-memory.ts';
import type { LogKeeper } from '../../src/storage/keeper.ts';
import { primitives } from '../../src/workflow/primitives.ts';

/** A keeper of a log for one test, with a key of its own. */
export function createKeeper(origin = 'countersign.test/log'): LogKeeper {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return {
    primitives,
    signer: {
      name: origin,
      publicKey: Buffer.from(x, 'base64url'),
      sign: (message) => sign(null, message, privateKey),
    },
    refresh: async () => false,
    halted: undefined,
    halt: (reason) => {
      throw reason;
    },
    memory: forgetfulMemory(),
  };
}
