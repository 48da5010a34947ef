import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { createLog, startService, type ChangeReport, type Service } from '../../compose.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { describeVerdict } from '../describe-change.ts';
import { CommandError } from '../errors.ts';
import { print, printJson } from '../print.ts';
import { line } from '../terminal-text.ts';
import { untilStopped } from '../until-stopped.ts';
import { verifyEffects } from '../verify-effects.ts';

interface DemoOptions {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly port: number;
}

/** `countersign demo`: the whole way, from a merge to its confirmation, against the sandbox. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('watch the whole thing against fake vendors')
    .option('--once', 'take one merge request through all steps, check the result, and end')
    .option('--json', 'end with one line of data')
    .option('-p, --port <port>', "port of the sandbox's page", Number, 0)
    .action(async (options: DemoOptions) => {
      const say = (text: string): void => (options.json === true && options.once !== true ? undefined : print(text));
      const folder = await mkdtemp(join(tmpdir(), 'countersign-demo-'));
      const closing: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
      try {
        await run(folder, options, say, closing);
      } finally {
        for (const close of closing.toReversed()) await close();
      }
    });
}

async function run(
  folder: string,
  options: DemoOptions,
  say: (text: string) => void,
  closing: (() => Promise<void>)[],
): Promise<void> {
  say('Starting GitLab, Linear, Confluence and Slack, all fake, all on this machine …');
  const { startSandbox } = await import('../../sandbox/sandbox.ts');
  const sandbox = await startSandbox({ ports: { home: options.port } });
  closing.push(() => sandbox.close());

  say('Starting Countersign with a Postgres of its own …');
  const service = await startDemoService(folder, sandbox);
  closing.push(() => service.close());
  await service.trail.setTrigger('on');
  sandbox.connectHook(`${service.address}/webhooks/gitlab`);
  say('');
  say(`  Watch it at    ${sandbox.home.url}`);
  say(`  Countersign    ${service.address}`);
  say('');

  // Others would be ignored, as they should be, and waiting for them would never end.
  const waiting = sandbox.gitlab
    .snapshot()
    .mergeRequests.filter(
      ({ state, labels }) => state === 'opened' && labels.some(({ title }) => title.startsWith('security::')),
    );
  const first = waiting.find(({ title }) => title.startsWith('Check the audience')) ?? waiting[0];
  if (first === undefined) throw new CommandError('The sandbox has no open merge request', 1);
  const samples = options.once === true ? [first] : [first, ...waiting.filter((mr) => mr !== first).slice(0, 2)];
  for (const sample of samples) {
    const report = await mergeOne(sandbox, service, sample, say);
    if (options.once !== true) continue;
    const problems = verifyEffects(sandbox, report);
    for (const problem of problems) say(`  not as it should be: ${problem}`);
    if (options.json === true) printJson(summarise(report, problems));
    if (problems.length > 0) throw new CommandError('The result is not as it should be', 1);
  }
  if (options.once === true) return;
  say(`Merge some more yourself at ${sandbox.home.url}. Ctrl-C ends it all.`);
  await untilStopped();
}

async function startDemoService(folder: string, sandbox: Sandbox): Promise<Service> {
  const path = join(folder, 'countersign.yaml');
  // JSON is YAML, too.
  await writeFile(path, JSON.stringify(sandbox.configuration(), null, 2));
  const config = loadConfig({ path, environment: sandbox.environment() });
  return startService({ config, dataFolder: join(folder, 'data'), log: createLog('silent'), port: 0 });
}

const labels: Readonly<Record<string, string>> = {
  capture: 'approvals and reviewers read from GitLab',
  seal: 'the record made, canonical and digested, and judged',
  'close-issue': 'the Linear issue completed and tagged',
  'add-row': 'the row on the Confluence page',
  confirm: "the confirmation in the pod's channel",
};

const patienceMs = 60_000;
const pauseMs = 50;

async function mergeOne(
  sandbox: Sandbox,
  service: Service,
  sample: { readonly project: string; readonly iid: number; readonly title: string },
  say: (text: string) => void,
): Promise<ChangeReport> {
  const started = performance.now();
  say(`Merging ${sample.project}!${sample.iid}  ${line(sample.title)}`);
  sandbox.gitlab.merge({ project: sample.project, iid: sample.iid, by: 'mlund', anyway: true });

  const text = `${sample.project}!${sample.iid}`;
  const told = new Set<string>();
  while (performance.now() - started < patienceMs) {
    const report = await service.trail.show({ kind: 'reference', text, project: sample.project, iid: sample.iid });
    for (const { stage, outcome, reason } of report?.stages ?? []) {
      if (outcome === 'waiting' || told.has(stage)) continue;
      told.add(stage);
      const mark = outcome === 'done' ? '✓' : outcome === 'skipped' ? '–' : '✗';
      say(`  ${mark} ${labels[stage] ?? stage}${reason === null ? '' : ` (${outcome}: ${reason})`}`);
    }
    if (report !== undefined && told.size === report.stages.length) {
      for (const text of describeVerdict(report, (style, text) => styleText(style, text))) say(`  ${text}`);
      say(`  in ${Math.round(performance.now() - started)} ms`);
      for (const [name, url] of Object.entries(report.links)) if (url !== null) say(`    ${name.padEnd(11)} ${url}`);
      say('');
      return report;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new CommandError(`${text} did not come to its end within ${patienceMs / 1000} s`, 1);
}

function summarise(report: ChangeReport, problems: readonly string[]): object {
  return {
    change: report.change.key,
    steps: report.stages.map(({ stage, outcome }) => ({ name: stage, outcome })),
    ledger: { size: report.ledger.size },
    verdict: report.verdict.overall,
    verified: problems.length === 0,
    record: report.record_id,
    links: report.links,
  };
}
