// What the ledger costs beyond what nobody can save: verifying 100,000 sealed entries against the bare SHA-256 and
// Ed25519 in it, appending against the bare commits of the same Postgres, how long proofs are, and what a pack of 100,000
// entries takes. Exits with 1 where verifying takes longer, or more memory, than the limit allows.
// `npm run bench:ledger verify` runs one part alone.
import { measureProofs } from './ledger/proofs.ts';
import { benchVerify, mostOfBare } from './ledger/verify.ts';

/** Each gives what it measured; `holds` is false where that is beyond a limit. */
const parts: Readonly<Record<string, () => object | Promise<object>>> = {
  // Postgres and the storage are needed by this part alone.
  append: async () => (await import('./ledger/append.ts')).benchAppend(),
  // A minute and more of sealing before it can be packed.
  pack: async () => {
    const { benchPack, mostMegabytes } = await import('./ledger/pack.ts');
    const result = await benchPack();
    return { ...result, limit_mib: mostMegabytes, holds: result.verify_peak_mib <= mostMegabytes };
  },
  proofs: () => [1_000, 1_000_000].map(measureProofs),
  verify: () => {
    const result = benchVerify();
    return { ...result, limit: mostOfBare, holds: result.ratio <= mostOfBare };
  },
};

const asked = process.argv.slice(2);
const names = asked.length === 0 ? Object.keys(parts) : asked;
const results: Record<string, object> = {};
for (const name of names) {
  const part = parts[name];
  if (part === undefined) throw new Error(`The parts are ${Object.keys(parts).join(', ')}`);
  results[name] = await part();
}
console.log(JSON.stringify(results, null, 2));
if (Object.values(results).some((result) => 'holds' in result && result.holds === false)) process.exitCode = 1;
