import type { Hook } from '../connectors/gitlab/hooks-schema.ts';

/** What can be wrong with a hook that has our address. */
export type HookFault =
  | 'no_merge_requests'
  | 'other_events'
  | 'tls_off'
  | 'template'
  | 'paused'
  | 'disabled'
  /** The server can sign, and has nothing to sign with. */
  | 'no_signing_token'
  /** The server is too old to sign, or does not offer it. */
  | 'cannot_sign'
  | 'no_token';

/** Which secrets the service knows deliveries by. With a signing token, nothing but a signature counts. */
export interface KnownSecrets {
  readonly signing: boolean;
  readonly token: boolean;
}

/** Everything that is wrong with a hook. What the server does not show is not taken for wrong. */
export function faultsOf(hook: Hook, known: KnownSecrets): HookFault[] {
  const faults: [HookFault, boolean][] = [
    ['no_merge_requests', !hook.sendsMergeRequests],
    ['other_events', hook.otherEvents.length > 0],
    ['tls_off', !hook.verifiesTls],
    ['template', hook.hasTemplate],
    ['paused', hook.health === 'temporarily_disabled'],
    ['disabled', hook.health === 'disabled'],
    ['no_signing_token', known.signing && hook.hasSigningToken === false],
    ['cannot_sign', known.signing && hook.hasSigningToken === null],
    ['no_token', !known.signing && known.token && hook.hasToken === false],
  ];
  return faults.flatMap(([fault, isThere]) => (isThere ? [fault] : []));
}

/** The faults that changing the settings of the hook removes; a test removes the others, or another secret. */
export const settingFaults: ReadonlySet<HookFault> = new Set([
  'no_merge_requests',
  'other_events',
  'tls_off',
  'template',
]);

/** Where GitLab sends its events to. */
export function webhookAddress(publicUrl: string): string {
  return `${publicUrl.replace(/\/+$/, '')}${webhookPath}`;
}

export const webhookPath = '/webhooks/gitlab';

/** True for the same address; a slash at its end, and the case of the host, make no difference. */
export function sameAddress(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

function plain(address: string): string {
  const whole = URL.canParse(address) ? new URL(address).href : address;
  return whole.replace(/\/+$/, '');
}
