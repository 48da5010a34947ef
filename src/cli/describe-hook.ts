import type { HookResult, TargetResult } from '../setup/enable-hook.ts';
import { line } from './terminal-text.ts';

/** What became of each hook, for people. */
export function describeHook({ address, targets, covered, signingTokenIsUseless }: HookResult): string[] {
  return [
    ...targets.flatMap((target) => [
      `${target.kind} ${line(target.path)}: ${outcomes[target.outcome]}${testLine(target)}`,
      ...(target.error === null ? [] : [`    ${line(target.error.message)}`]),
      ...target.warnings.map((warning) => `    ${line(warning)}`),
    ]),
    ...covered.map((path) => `project ${line(path)}: its events come by the hook of its group`),
    ...(signingTokenIsUseless
      ? ['This GitLab does not sign webhooks yet: take GITLAB_SIGNING_TOKEN out of .env, or unsigned ones are refused.']
      : []),
    `Events are sent to ${line(address)}`,
  ];
}

/** The same as data, without secrets. */
export function hookJson({ address, targets, covered }: HookResult) {
  return {
    address,
    targets: targets.map(({ kind, path, outcome, hookId, test, warnings, error }) => ({
      kind,
      path,
      outcome,
      hook_id: hookId,
      test: test?.kind ?? null,
      warnings: [...warnings],
      error: error?.message ?? null,
    })),
    covered: [...covered],
  };
}

const outcomes: Readonly<Record<TargetResult['outcome'], string>> = {
  created: 'the hook was made',
  adopted: 'the hook that was there has our secret now',
  updated: 'the hook that was there was corrected',
  unchanged: 'the hook is there and as it should be',
  failed: 'the hook could not be made',
};

function testLine({ test }: TargetResult): string {
  switch (test?.kind) {
    case undefined:
      return '';
    case 'delivered':
      return ', and its test arrived';
    case 'no_merge_request':
      return '; it cannot be tested before there is a merge request';
    case 'too_many':
      return '; GitLab allows no more tests for a minute';
    case 'refused':
      return test.status === null
        ? '; its test did not arrive: nobody answers there. Start the service (countersign serve), then enable it again'
        : `; its test was answered ${test.status}: ${line(test.said)}`;
  }
}
