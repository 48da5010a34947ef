import type { Fault, Faults } from '../faults.ts';
import { serveVendor, type Call, type Routes, type SandboxAnswer } from '../http.ts';
import { createDeliveries } from './hooks/deliveries.ts';
import type { Tier } from './model.ts';
import { bindOperations, isOperation, perform, type GitLabOperations } from './operations/table.ts';
import { approvalRoutes } from './rest/approval-routes.ts';
import { describeGraphql, graphqlRoutes } from './graphql/endpoint.ts';
import { gitRoutes } from './rest/git-routes.ts';
import { hookRoutes } from './rest/hook-routes.ts';
import { listRoutes } from './rest/list-routes.ts';
import { mergeRequestRoutes } from './rest/merge-request-routes.ts';
import { createMeter } from './rest/meter.ts';
import { resourceRoutes } from './rest/resource-routes.ts';
import { takeSnapshot, type GitLabSnapshot } from './snapshot.ts';
import { usualSwitches, type GitLabSwitches } from './switches.ts';
import { answerOtherwise } from './web.ts';
import { createWorld } from './world.ts';

export interface GitLabOptions {
  readonly faults: Faults;
  readonly calls: Call[];
  readonly port?: number;
  readonly tier?: Tier;
  /** Such as `19.1.2` or `17.3.0`; what a server sends and offers follows from it. */
  readonly version?: string;
  readonly switches?: Partial<GitLabSwitches>;
  readonly now?: () => Date;
  /** Added to every id: an instance that is started over never names two things alike. */
  readonly idsFrom?: number;
  /** How long a hook may take to answer; 10 s. */
  readonly hookTimeoutMs?: number;
}

/** A fake GitLab that runs: its address, and everything that people do in it. */
export interface FakeGitLab extends GitLabOperations {
  readonly url: string;
  readonly tier: Tier;
  readonly version: string;
  /** Can be changed while it runs. */
  readonly switches: GitLabSwitches;
  /** What it holds, for people to look at. */
  snapshot(): GitLabSnapshot;
  /** Resolves once no webhook is under way. */
  delivered(): Promise<void>;
  /** Runs an operation by name; undefined where there is none of that name. */
  perform(name: string, input: unknown): unknown;
  close(): Promise<void>;
}

const jobsAtOnce = 25;

/** Starts a fake GitLab without anything in it: REST v4, web pages and webhooks on one origin. */
export async function startGitLab(options: GitLabOptions): Promise<FakeGitLab> {
  const tier = options.tier ?? 'premium';
  const version = options.version ?? (tier === 'premium-old' ? '18.2.4-ee' : tier === 'free' ? '19.1.2' : '19.1.2-ee');
  const world = createWorld(
    {
      tier,
      version,
      switches: usualSwitches(tier, options.switches),
      now: options.now ?? (() => new Date()),
      idsFrom: options.idsFrom ?? 0,
    },
    (world) => createDeliveries(world, { timeoutMs: options.hookTimeoutMs ?? 10_000, atOnce: jobsAtOnce }),
  );

  const measure = createMeter(world);
  const plain: Routes = {
    ...mergeRequestRoutes(world),
    ...gitRoutes(world),
    ...approvalRoutes(world),
    ...listRoutes(world),
    ...hookRoutes(world),
    ...resourceRoutes(world),
    ...graphqlRoutes(world),
  };
  const routes = Object.fromEntries(Object.entries(plain).map(([route, handler]) => [route, measure(handler)]));
  const patterns = Object.keys(plain).map((route) => {
    const path = route.slice(route.indexOf(' ') + 1);
    return new RegExp(`^${path.replaceAll(/:[a-z_]+/g, '[^/]+')}$`);
  });
  const isRoute = (path: string): boolean => patterns.some((pattern) => pattern.test(path));

  const vendor = await serveVendor({
    vendor: 'gitlab',
    routes,
    faults: options.faults,
    calls: options.calls,
    otherwise: (request) => answerOtherwise(world, request, isRoute),
    describe: describeGraphql,
    wordFault,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  world.origin = vendor.url;

  return {
    ...bindOperations(world),
    url: vendor.url,
    tier,
    version,
    switches: world.switches,
    snapshot: () => takeSnapshot(world),
    delivered: () => world.deliveries.settled(),
    perform: (name, input) => (isOperation(name) ? perform(world, name, input) : undefined),
    async close() {
      await world.deliveries.close();
      await vendor.close();
    },
  };
}

/** How GitLab says that it is too much, refused, or broken. */
function wordFault(fault: Fault): SandboxAnswer | undefined {
  const seconds = Math.ceil((fault.delayMs ?? 1000) / 1000);
  if (fault.kind === 'limit') {
    return {
      status: 429,
      headers: { 'retry-after': String(seconds) },
      body: { message: { error: 'This endpoint has been requested too many times. Try again later.' } },
    };
  }
  const isBroken = fault.kind === 'error_500' || fault.kind === 'commit_then_500';
  return isBroken ? { status: 500, body: { message: '500 Internal Server Error' } } : undefined;
}
