import { setTimeout as pause } from 'node:timers/promises';
import { countEffects } from '../../bench/support/effects.ts';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import type { VendorName } from '../../src/sandbox/http.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { diceOf, type Dice } from '../support/dice.ts';
import { passingKinds } from '../support/fault-kinds.ts';
import { openMergeRequest, type OpenedMergeRequest } from '../support/merge-requests.ts';
import { startResender } from '../support/resender.ts';
import { install, signal, until, type Installation, type Running } from '../support/service-process.ts';

export interface StormOptions {
  /** Decides everything that is random; the same seed plans the same storm. */
  readonly seed: number;
  readonly merges: number;
  readonly faults: number;
  readonly kills: number;
}

export interface StormReport {
  readonly seed: number;
  readonly merges: number;
  /** Calls that were spoiled. */
  readonly faults: number;
  readonly kills: number;
  /** Deliveries that were sent again, because the service was away or did not take them up. */
  readonly resent: number;
  /** Merges that lack a record, a row, a message or a closed issue. */
  readonly lost: number;
  /** Merges that have one of them twice. */
  readonly duplicates: number;
  readonly attention: number;
  readonly seconds: number;
}

const vendors: readonly VendorName[] = ['gitlab', 'linear', 'confluence', 'slack'];

/**
 * What a storm throws. A refusal is none of it: it is an answer, and no failure. Nor is JSON of another shape: what GitLab
 * says so is sealed as unread at once.
 */
const kinds: readonly FaultKind[] = passingKinds.filter((kind) => kind !== 'wrong_json');

/** Silence lasts as long as the client's patience, so there is one of it. */
const silences = 1;
const longestPauseMs = 700;
const healWithinMs = 150_000;

/**
 * Merges come in while calls of every vendor fail in every way and the service is killed at random moments, with or
 * without its Postgres. Then all is healed, and what stands at the vendors is counted.
 */
export async function runStorm(options: StormOptions): Promise<StormReport> {
  const begun = performance.now();
  const dice = diceOf(options.seed);
  const sandbox = await startSandbox({ seed: 'empty', switches: { slack: { channelLimit: 'off' } } });
  const installation = await install(sandbox);
  const resender = await startResender(() => `http://127.0.0.1:${installation.port}`);
  try {
    const merged = await storm(options, dice, sandbox, installation, resender.address);
    sandbox.faults.clear();
    await resender.settled(60_000);
    const attention = await untilHealed(installation, merged.length);
    const { lost, doubled } = await countEffects(sandbox, merged);
    return {
      seed: options.seed,
      merges: merged.length,
      faults: sandbox.calls.filter(({ fault }) => fault !== undefined).length,
      kills: options.kills,
      resent: resender.resent(),
      lost,
      duplicates: doubled + countSurplus(sandbox, merged),
      attention,
      seconds: Math.round((performance.now() - begun) / 1000),
    };
  } finally {
    await resender.close();
    await installation.remove();
    await sandbox.close();
  }
}

async function storm(
  options: StormOptions,
  dice: Dice,
  sandbox: Sandbox,
  installation: Installation,
  address: string,
): Promise<OpenedMergeRequest[]> {
  let service = installation.serve();
  await service;
  const enabled = await installation.command('enable', '--no-hook');
  if (enabled.code !== 0) throw new Error(enabled.error);
  sandbox.connectHook(`${address}/webhooks/gitlab`);

  const merges = Array.from({ length: options.merges }, () => openMergeRequest({ sandbox }, { pod: dice.below(10) }));
  const steps: (() => void | Promise<void>)[] = [
    ...merges.map((mr) => (): void => {
      sandbox.gitlab.merge({ project: mr.project, iid: mr.iid, by: 'mlund', anyway: true });
    }),
    ...Array.from({ length: options.faults }, (_, index) => (): void => addFault(sandbox, dice, index < silences)),
    ...Array.from({ length: options.kills }, () => async (): Promise<void> => {
      // Merges go on while it starts again.
      service = kill(dice, await service, installation);
      service.catch(() => undefined);
    }),
  ];
  for (const step of shuffled(steps, dice)) {
    await step();
    // Many come at once, some after a while.
    if (dice.roll() < 0.3) await pause(dice.below(longestPauseMs));
  }
  await service;
  await sandbox.gitlab.delivered();
  // What was to be spoiled and has not been called yet has a while longer.
  await pause(3000);
  return merges;
}

function addFault({ faults }: Sandbox, dice: Dice, silent: boolean): void {
  const vendor = dice.one(vendors);
  const kind = dice.one(kinds);
  faults.add({
    vendor,
    operation: '',
    kind: silent ? 'commit_then_silence' : kind,
    skip: dice.below(2),
    times: 1 + dice.below(3),
    delayMs: dice.below(1500),
  });
}

/** Kills the process, or its whole group with the built-in Postgres, and starts it again. */
async function kill(dice: Dice, service: Running, installation: Installation): Promise<Running> {
  signal(dice.roll() < 0.5 ? service.pid : -service.pid, 'SIGKILL');
  await service.ended;
  return installation.serve();
}

function shuffled<T>(items: readonly T[], dice: Dice): T[] {
  return items
    .map((item) => ({ item, place: dice.roll() }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ item }) => item);
}

async function untilHealed(installation: Installation, merges: number): Promise<number> {
  const trail = await installation.openTrail();
  try {
    await until(async () => {
      const { changes } = await trail.status();
      return changes.open === 0 && changes.done === merges;
    }, healWithinMs);
    return (await trail.status()).changes.attention;
  } catch (cause) {
    throw new Error(`Not healed: ${JSON.stringify(await trail.status())}`, { cause });
  } finally {
    await trail.close();
  }
}

/** Issues that were linked or labelled more than once, and labels that were made twice. */
function countSurplus({ linear }: Sandbox, merged: readonly OpenedMergeRequest[]): number {
  const issues = merged.map((mr) => linear.issue(mr.issue!)!);
  const surplus = issues.filter(({ attachments, labels }) => attachments.length > 1 || labels.length > 1).length;
  return surplus + linear.labels().filter(({ name }) => name === 'audited').length - 1;
}
