import { expect, test } from 'vitest';
import { nodeHost, sourceOf } from '../../../test/support/node-host.ts';
import { buildPack, firstKey, secondKey, zipPack, type Files } from '../../../test/support/pack-builder.ts';
import { verifyPack, type VerifyPackOptions } from './verify-pack.ts';

const verify = (files: Files, options?: VerifyPackOptions) => verifyPack(nodeHost, sourceOf(zipPack(files)), options);

test.each([
  ['all', 4],
  ['changes', 3],
  ['period', 3],
  ['sample', 2],
] as const)('an honest pack of the scope %s holds', async (scope, changes) => {
  const { files } = buildPack({ scope });
  expect(await verify(files)).toMatchObject({
    failures: [],
    ok: true,
    changes,
    trustedBy: 'pack',
    pack: { scope: { kind: scope } },
  });
});
