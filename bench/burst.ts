// 200 merges at once over ten pods against a service in a process of its own: its memory, how fast it answers webhooks,
// and how long the whole way takes. Exits with 1 where a limit is passed. Linux only: memory is read from /proc.
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { openMergeRequest } from '../test/support/merge-requests.ts';
import { until } from '../test/support/service-process.ts';
import { mergeAll, serveWithSandbox } from './support/served.ts';

const mergeCount = 200;
const limits = { idleMb: 150, burstMb: 250, answerP99Ms: 100 };

const { sandbox, installation, service, close } = await serveWithSandbox();
try {
  // What starting left behind is not yet collected.
  await pause(10_000);
  const idle = await memoryOf(service.pid);

  const merges = Array.from({ length: mergeCount }, (_, index) => openMergeRequest({ sandbox }, { pod: index % 10 }));
  const start = performance.now();
  await mergeAll(sandbox, merges);
  const delivered = performance.now() - start;

  let largest = 0;
  const trail = await installation.openTrail();
  await until(async () => {
    largest = Math.max(largest, (await memoryOf(service.pid)).now);
    const { changes } = await trail.status();
    return changes.done === mergeCount && changes.open === 0;
  }, 120_000);
  const whole = performance.now() - start;
  await trail.close();

  const { peak } = await memoryOf(service.pid);
  const answers = (await answerTimes()).toSorted((a, b) => a - b);
  const at = (share: number): number => answers[Math.min(answers.length - 1, Math.floor(answers.length * share))] ?? 0;
  const result = {
    merges: mergeCount,
    idle_mb: round(idle.now),
    start_peak_mb: round(idle.peak),
    burst_mb: round(largest),
    peak_mb: round(peak),
    answers: answers.length,
    answer_p50_ms: round(at(0.5)),
    answer_p99_ms: round(at(0.99)),
    delivered_per_s: round((mergeCount / delivered) * 1000),
    done_per_s: round((mergeCount / whole) * 1000),
  };
  console.log(JSON.stringify(result, null, 2));
  const passed = [
    idle.now > limits.idleMb && `idle memory is over ${limits.idleMb} MB`,
    peak > limits.burstMb && `memory in the burst is over ${limits.burstMb} MB`,
    at(0.99) > limits.answerP99Ms && `one webhook in a hundred is answered later than after ${limits.answerP99Ms} ms`,
    answers.length !== mergeCount && `not every merge was delivered once`,
  ].filter((line) => line !== false);
  for (const line of passed) console.error(line);
  if (passed.length > 0) process.exitCode = 1;
} finally {
  await close();
}

async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1]) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** Milliseconds until each webhook was answered, as GitLab's own list of deliveries tells them. */
async function answerTimes(): Promise<number[]> {
  const value = 'glpat-bench-reads-deliveries';
  sandbox.gitlab.createToken({ name: 'bench', group: 'acme', role: 'owner', scopes: ['api'], value });
  const times: number[] = [];
  for (const { id } of sandbox.gitlab.snapshot().hooks) {
    for (let page = 1; page <= 10; page++) {
      const address = `${sandbox.gitlab.url}/api/v4/groups/acme/hooks/${id}/events?per_page=20&page=${page}`;
      const answer = await fetch(address, { headers: { 'private-token': value } });
      if (!answer.ok) throw new Error(`The list of deliveries answers ${answer.status}`);
      const events = (await answer.json()) as { execution_duration: number }[];
      times.push(...events.map((event) => event.execution_duration * 1000));
    }
  }
  return times;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
