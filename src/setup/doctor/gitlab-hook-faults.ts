import type { Hook } from '../../connectors/gitlab/hooks-schema.ts';
import type { Delivery } from '../../connectors/gitlab/hooks.ts';
import { failure, warning, type Check } from '../check.ts';
import type { HookFault } from '../hook-faults.ts';
import { nameList } from './name-list.ts';

export const hookId = 'gitlab.hook';
export const enable = 'run: countersign enable (with a token of the scope api)';

/** How the newest event was answered, where that was no success. */
export function tellDelivery(delivery: Delivery | null, hook: Hook, path: string): Check | null {
  if (delivery === null || (delivery.status !== null && delivery.status < 400)) return null;
  const which = `The last event that hook ${hook.id} of ${path} sent`;
  const said = delivery.said === '' ? '' : ` (${delivery.said})`;
  if (delivery.status === 401) {
    return failure(
      hookId,
      `${which} was refused with 401${said}: the secret of the hook is not the one that is configured here, or the clocks differ`,
      `Put the value of GITLAB_SIGNING_TOKEN, or else of GITLAB_WEBHOOK_TOKEN, into the hook in ${path}: Settings, Webhooks, and press Test; or ${enable}`,
    );
  }
  const answered = delivery.status === null ? 'reached nobody' : `was answered with ${delivery.status}`;
  return warning(
    hookId,
    `${which} ${answered}${said}: that event is lost, and GitLab turns off a hook that fails again and again`,
    `Start the service (countersign serve), see that server.public_url leads to it, and press Test in ${path}: Settings, Webhooks; or ${enable}`,
  );
}

/** What is wrong with a hook, what it costs, and where to mend it. */
export function tellFault(fault: HookFault, hook: Hook, path: string): Check {
  const which = `Hook ${hook.id} of ${path}`;
  const menu = `${path}: Settings, Webhooks, Edit`;
  switch (fault) {
    case 'no_merge_requests':
      return failure(
        hookId,
        `${which} does not send merge request events: no merge is noticed`,
        `In ${menu}, turn on “Merge request events”, or ${enable}`,
      );
    case 'other_events':
      return warning(
        hookId,
        `${which} also sends ${nameList(hook.otherEvents)}: they are thrown away, and use up what GitLab sends in a minute`,
        `In ${menu}, leave “Merge request events” alone on, or ${enable}`,
      );
    case 'tls_off':
      return warning(
        hookId,
        `${which} does not verify the certificate: whoever is on the way can read what is sent, and keep it back`,
        `In ${menu}, turn on “Enable SSL verification”, or ${enable}`,
      );
    case 'template':
      return failure(
        hookId,
        `${which} has a custom webhook template: labels and reviewers are lost in it, and every event is refused`,
        `In ${menu}, empty “Custom webhook template”, or ${enable}`,
      );
    case 'paused':
      return failure(
        hookId,
        `${which} is off for a while${hook.disabledUntil === null ? '' : `, until ${hook.disabledUntil}`}, because deliveries failed: events until then are lost`,
        `See under ${menu}, Recent events, how they were answered, mend that, and press Test; or ${enable}`,
      );
    case 'disabled':
      return failure(
        hookId,
        `${which} is disabled, because too many deliveries failed: no event is sent any more`,
        `See under ${menu}, Recent events, how they were answered, mend that, and press Test; or ${enable}`,
      );
    case 'no_signing_token':
      return failure(
        hookId,
        `${which} has no signing token: every event is refused, because only signed ones count`,
        `In ${menu}, put the value of GITLAB_SIGNING_TOKEN into “Signing token”, or ${enable}`,
      );
    case 'cannot_sign':
      return failure(
        hookId,
        `${which} cannot sign, since this GitLab is older than 19.0: every event is refused, because GITLAB_SIGNING_TOKEN is set and only signed ones count`,
        `Take GITLAB_SIGNING_TOKEN out of .env, set GITLAB_WEBHOOK_TOKEN, and put the same value into “Secret token” in ${menu}; or update GitLab`,
      );
    case 'no_token':
      return failure(
        hookId,
        `${which} has no secret token: every event is refused`,
        `In ${menu}, put the value of GITLAB_WEBHOOK_TOKEN into “Secret token”, or ${enable}`,
      );
  }
}
