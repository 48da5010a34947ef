import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { diceOf } from '../support/dice.ts';
import { effectsOf } from '../support/effects.ts';
import { openMergeRequest } from '../support/merge-requests.ts';
import { verifyServed, watchHeads } from '../support/watch-heads.ts';
import { install, isAlive, signal, until, type Installation } from '../support/service-process.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const step of closing.splice(0).toReversed()) await step();
});

async function prepare(): Promise<{ sandbox: Sandbox; installation: Installation }> {
  const sandbox = await startSandbox({ seed: 'empty', switches: { slack: { channelLimit: 'off' } } });
  closing.push(() => sandbox.close());
  const installation = await install(sandbox);
  closing.push(() => installation.remove());
  return { sandbox, installation };
}

test(
  'a service that is killed again and again in the middle of a burst leaves exactly one of everything',
  { timeout: 150_000 },
  async () => {
    const { sandbox, installation } = await prepare();
    let service = await installation.serve();
    const address = `http://127.0.0.1:${installation.port}`;
    const watch = watchHeads(address);
    closing.push(() => watch.stop());
    expect(await installation.command('enable', '--no-hook')).toMatchObject({ code: 0 });
    sandbox.connectHook(`${address}/webhooks/gitlab`);

    const byHand = countRows(sandbox);
    const merges = Array.from({ length: 40 }, (_, index) => openMergeRequest({ sandbox }, { pod: index % 10 }));
    for (const { project, iid } of merges) sandbox.gitlab.merge({ project, iid, by: 'mlund', anyway: true });
    await sandbox.gitlab.delivered();

    const seed = Number(process.env['COUNTERSIGN_CRASH_SEED'] ?? randomInt(2 ** 31));
    console.log(`COUNTERSIGN_CRASH_SEED=${seed}`);
    const dice = diceOf(seed);
    // While merges are captured, once rows are written, and once confirmations go out; then with its whole group.
    const moments = [
      { target: 'process', from: () => true },
      { target: 'process', from: () => countRows(sandbox) > byHand },
      { target: 'group', from: () => countMessages(sandbox) > 0 },
    ] as const;
    for (const { target, from } of moments) {
      await until(async () => from(), 45_000);
      await pause(50 + dice.below(850));
      expect(signal(target === 'group' ? -service.pid : service.pid, 'SIGKILL')).toBe(true);
      expect((await service.ended).code).toBeNull();
      console.log(`Killed the ${target}: ${countRows(sandbox) - byHand} rows, ${countMessages(sandbox)} messages`);
      service = await installation.serve();
    }

    const trail = await installation.openTrail();
    closing.push(() => trail.close());
    await until(async () => {
      const { changes } = await trail.status();
      return changes.open === 0 && changes.done === merges.length;
    }, 110_000);
    expect(await trail.status()).toMatchObject({ changes: { done: 40, attention: 0 } });
    await watch.stop();

    const records = new Set<string>();
    for (const mr of merges) {
      const report = (await trail.show({ kind: 'reference', text: `${mr.project}!${mr.iid}`, ...mr }))!;
      records.add(report.record_id);
      expect(report.stages.map(({ outcome }) => outcome)).toEqual(Array.from(report.stages, () => 'done'));
      expect({ mr, ...effectsOf({ sandbox }, report.record_id) }).toEqual({ mr, rows: 1, messages: 1 });
      const issue = sandbox.linear.issue(mr.issue!)!;
      expect(issue.state.type).toBe('completed');
      expect(issue.labels.map(({ name }) => name)).toEqual(['audited']);
    }
    expect(records.size).toBe(40);

    const { verifier_key: key } = JSON.parse((await installation.command('keys', '--json')).out);
    const log = await verifyServed(address, key, watch.heads);
    expect({ failures: log.failures, watched: watch.heads.size > 3 }).toEqual({ failures: [], watched: true });
    const named = (kind: string) => log.ids.filter((id) => id.startsWith(kind)).toSorted();
    for (const kind of ['record ', 'verdict ', 'statement publication/']) {
      expect(named(kind)).toEqual([...records].map((id) => `${kind}${id}`).toSorted());
    }
  },
);

test(
  'a second service on the same data folder is refused, and the first one ends cleanly',
  { timeout: 60_000 },
  async () => {
    const { installation } = await prepare();
    const first = await installation.serve();
    const second = await installation.command('serve', '--port', '0');
    expect(second.code).toBe(1);
    expect(second.error).toContain('data_folder_in_use');
    expect(second.out).toBe('');

    const postgres = (await installation.postgresPid())!;
    expect(isAlive(postgres)).toBe(true);
    signal(first.pid, 'SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0 });
    await until(async () => !isAlive(postgres), 5000);
  },
);

/** Rows of the audit page, those that people wrote included. */
function countRows({ confluence }: Sandbox): number {
  return confluence.pages().reduce((count, { body }) => count + body.split('</tr>').length - 1, 0);
}

function countMessages({ slack }: Sandbox): number {
  return slack.channels().flatMap(({ id }) => slack.messages(id).filter(({ own }) => own)).length;
}
