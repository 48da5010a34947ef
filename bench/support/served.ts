import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import {
  openMergeRequest,
  type MergeRequestOptions,
  type OpenedMergeRequest,
} from '../../test/support/merge-requests.ts';
import { install, type Installation, type Running } from '../../test/support/service-process.ts';

/** A service in a process of its own, its trigger on, whose hook the sandbox knows. */
export interface Served {
  readonly sandbox: Sandbox;
  readonly installation: Installation;
  readonly service: Running;
  /** Where it listens. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** Installs and starts a service. How many messages a channel takes in a second is not what is measured. */
export async function serveWithSandbox(): Promise<Served> {
  const sandbox = await startSandbox({ seed: 'empty', switches: { slack: { channelLimit: 'off' } } });
  const installation = await install(sandbox);
  const close = async (): Promise<void> => {
    await installation.remove();
    await sandbox.close();
  };
  try {
    const service = await installation.serve();
    const enabled = await installation.command('enable', '--no-hook');
    if (enabled.code !== 0) throw new Error(enabled.error);
    const address = `http://127.0.0.1:${installation.port}`;
    sandbox.connectHook(`${address}/webhooks/gitlab`);
    return { sandbox, installation, service, address, close };
  } catch (error) {
    await close();
    throw error;
  }
}

// Each is a pod's own: one channel would take a message a second, however fast the rest is.
const projects = ['acme/payments', 'acme/identity', 'acme/web', 'acme/mobile', 'acme/platform/infra'];

/** Opens merge requests that spread over as many channels. */
export function openMany(sandbox: Sandbox, count: number, options: MergeRequestOptions = {}): OpenedMergeRequest[] {
  return Array.from({ length: count }, (_, index) =>
    openMergeRequest({ sandbox }, { pod: index % 10, project: projects[index % projects.length]!, ...options }),
  );
}

/** Merges them all, and waits until each has been delivered. */
export async function mergeAll(sandbox: Sandbox, opened: readonly OpenedMergeRequest[]): Promise<void> {
  for (const { project, iid } of opened) sandbox.gitlab.merge({ project, iid, by: 'mlund', anyway: true });
  await sandbox.gitlab.delivered();
}
