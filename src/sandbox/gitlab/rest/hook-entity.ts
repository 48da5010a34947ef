import { alertStatus } from '../hooks/health.ts';
import type { Delivery, Hook } from '../hooks/model.ts';
import { hasSince, type World } from '../world.ts';

/** A hook as its owner sees it: never its secrets. */
export function showHook(world: World, hook: Hook) {
  const { scope, disabledUntil } = hook;
  return {
    id: hook.id,
    url: hook.url,
    name: hook.name,
    description: hook.description,
    created_at: hook.createdAt,
    ...hook.events,
    ...(scope.kind === 'project' ? { project_id: scope.id } : {}),
    ...(scope.kind === 'group' ? { group_id: scope.id } : {}),
    enable_ssl_verification: hook.sslVerification,
    repository_update_events: false,
    push_events_branch_filter: hook.branchFilter,
    branch_filter_strategy: hook.branchFilterStrategy,
    custom_webhook_template: hook.template ?? '',
    custom_headers: [...hook.customHeaders.keys()].map((key) => ({ key })),
    url_variables: [...hook.urlVariables.keys()].map((key) => ({ key })),
    alert_status: alertStatus(world, hook),
    disabled_until: disabledUntil === null ? null : new Date(disabledUntil).toISOString(),
    ...(hasSince(world, '19.0')
      ? { token_present: hook.token !== null, signing_token_present: hook.signingToken !== null }
      : {}),
  };
}

/** One entry of the delivery log. */
export function showDelivery(delivery: Delivery) {
  return {
    id: delivery.id,
    url: delivery.url,
    trigger: delivery.trigger,
    request_headers: delivery.requestHeaders,
    request_data: JSON.parse(delivery.body) as unknown,
    response_headers: delivery.responseHeaders,
    response_body: delivery.responseBody,
    execution_duration: delivery.seconds,
    response_status: delivery.responseStatus,
  };
}

/** Whether an entry has the status asked for: a code, or a kind of codes. */
export function matchesStatus({ responseStatus }: Delivery, wanted: string | null): boolean {
  if (wanted === null) return true;
  if (wanted === 'successful') return responseStatus.startsWith('2');
  if (wanted === 'client_failure') return responseStatus.startsWith('4');
  if (wanted === 'server_failure') return responseStatus.startsWith('5') || responseStatus === 'internal error';
  return responseStatus === wanted;
}
