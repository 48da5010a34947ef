import { afterAll, beforeAll } from 'vitest';
import type { ChangeReport } from '../../src/compose.ts';
import type { MergeRequestView } from '../../src/sandbox/gitlab/operations/view.ts';
import { startWorld, type World, type WorldOptions } from '../support/service.ts';

/** A merge request on the stage, and the people who act on it. Every act takes place a minute after the one before. */
export interface Play {
  readonly world: World;
  readonly gitlab: World['sandbox']['gitlab'];
  /** Project and number, to be spread into any operation. */
  readonly mr: { readonly project: string; readonly iid: number };
  /** The next minute, as ISO 8601: for operations that are called directly. */
  next(minutes?: number): string;
  approve(by: string): void;
  unapprove(by: string): void;
  push(by: string, more?: Omit<Parameters<World['sandbox']['gitlab']['push']>[0], 'project' | 'iid' | 'by'>): void;
  /** Merges it, although approvals may be missing. */
  merge(by?: string, more?: { squash?: boolean }): void;
  /** Runs something of which no hook tells anybody. */
  unheard(act: () => void): void;
}

export type OpeningOptions = Partial<Omit<Parameters<World['sandbox']['gitlab']['createMergeRequest']>[0], 'at'>> & {
  /** Whether a Linear issue is linked that was there before; true unless told. */
  readonly issue?: boolean;
};

export interface Stage {
  /** The world, once the tests run. */
  readonly world: World;
  /** Opens a merge request three hours ago, and gives what it takes to play its life. */
  open(options?: OpeningOptions): Play;
  /** The verdict on a merge request that has been played and merged. */
  judged(mr: Play): Promise<Judged>;
}

/** Overall, and each check's answer as `fail too_few_independent_approvals`. */
export interface Judged {
  readonly overall: string;
  readonly checks: Readonly<Record<string, string>>;
  readonly report: ChangeReport;
}

const minuteMs = 60_000;
let branches = 0;

/** Sets up one world for the tests of a file. */
export function setStage(options: WorldOptions = {}): Stage {
  let world: World | undefined;
  beforeAll(async () => {
    world = await startWorld({ ...options, connectHook: false });
    build(world);
    // Free has hooks of projects only, so the projects come first.
    world.sandbox.connectHook(`${world.service.address}/webhooks/gitlab`);
  }, 60_000);
  afterAll(() => world?.close());
  const onStage = (): World => {
    if (world === undefined) throw new Error('The stage is set once the tests run');
    return world;
  };
  return {
    get world() {
      return onStage();
    },
    open: (opening = {}) => open(onStage(), opening),
    judged: (play) => judged(onStage(), play),
  };
}

/** Where lives are played unless told: one approval of anybody is required, and a push takes approvals away. */
export const vault = 'acme/vault';

function build({ sandbox: { gitlab } }: World): void {
  gitlab.createProject({ group: 'acme', path: 'vault', description: 'Secrets' });
  if (gitlab.tier === 'free') return;
  gitlab.setProjectSettings({ project: vault, resetOnPush: true });
  gitlab.setApprovalRules({
    project: vault,
    rules: [{ name: 'All Members', type: 'any_approver', required: 1 }],
  });
}

function open(world: World, { issue = true, ...options }: OpeningOptions): Play {
  const { gitlab, linear } = world.sandbox;
  let at = Date.now() - 180 * minuteMs;
  const next = (minutes = 1): string => {
    at += minutes * minuteMs;
    return new Date(at).toISOString();
  };
  branches++;
  const linked = issue ? linear.createIssue({ team: 'SEC', title: 'Tokens', state: 'In Review' }).identifier : null;
  const opened: MergeRequestView = gitlab.createMergeRequest({
    project: vault,
    author: 'aruiz',
    title: 'Check the audience of tokens',
    description: linked === null ? '' : `Fixes ${linked}`,
    sourceBranch: `aruiz/verdict-${branches}`,
    reviewers: ['bchen'],
    labels: ['security::high'],
    ...options,
    at: next(),
  });
  const mr = { project: opened.project, iid: opened.iid };
  return {
    world,
    gitlab,
    mr,
    next,
    approve: (by) => void gitlab.approve({ ...mr, by, at: next() }),
    unapprove: (by) => void gitlab.unapprove({ ...mr, by, at: next() }),
    push: (by, more = {}) => void gitlab.push({ ...mr, by, ...more, at: next() }),
    merge: (by = 'mlund', more = {}) => void gitlab.merge({ ...mr, by, ...more, anyway: true, at: next() }),
    unheard(act) {
      gitlab.setSwitch({ name: 'silentMode', value: true });
      try {
        act();
      } finally {
        gitlab.setSwitch({ name: 'silentMode', value: false });
      }
    },
  };
}

async function judged(world: World, { mr }: Play): Promise<Judged> {
  const patience = performance.now() + 20_000;
  for (;;) {
    const report = await world.show(mr);
    // A report is read piece by piece: the verdict may be there before the record that it was sealed with.
    if (report !== undefined && report.verdict.checks.length > 0 && report.record_sha256 !== null) {
      const { overall, checks } = report.verdict;
      return {
        overall,
        checks: Object.fromEntries(checks.map(({ id, verdict, reason }) => [id, `${verdict} ${reason}`])),
        report,
      };
    }
    if (performance.now() > patience) throw new Error(`Not judged in time: ${JSON.stringify(report?.stages)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
