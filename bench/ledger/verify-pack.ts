// Verifies the pack that is named, and says how long that took and how much memory this process had at most.
import { verifyPackFile } from '../../src/cli/verify/verify-pack-file.ts';

const [file = ''] = process.argv.slice(2);
const start = performance.now();
const { ok, changes, failures } = await verifyPackFile(file, undefined, undefined);
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ ok, changes, failures, seconds, peakKib: process.resourceUsage().maxRSS }));
