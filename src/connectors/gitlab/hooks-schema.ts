import { z } from 'zod';
import { flagOrNull, id, text, textOrEmpty, timeOrNull } from './fields.ts';

/** A hook, as its owner sees it; its secrets are never shown. */
export interface Hook {
  readonly id: number;
  readonly url: string;
  readonly name: string;
  readonly sendsMergeRequests: boolean;
  /** Names of the other events that it sends, such as `push_events`. */
  readonly otherEvents: readonly string[];
  readonly verifiesTls: boolean;
  /** The body is made by a template, and is no event any more. */
  readonly hasTemplate: boolean;
  readonly health: 'executable' | 'temporarily_disabled' | 'disabled';
  readonly disabledUntil: string | null;
  /** Null on servers before 19.0, which do not say. */
  readonly hasToken: boolean | null;
  /** Null on servers before 19.0, which have none. */
  readonly hasSigningToken: boolean | null;
}

/** One element of `GET …/hooks` */
export const Hook = z
  .looseObject({
    id,
    url: text,
    name: textOrEmpty,
    merge_requests_events: flagOrNull,
    enable_ssl_verification: flagOrNull,
    custom_webhook_template: textOrEmpty,
    alert_status: z.enum(['executable', 'temporarily_disabled', 'disabled']).nullish().catch(null),
    disabled_until: timeOrNull,
    token_present: flagOrNull,
    signing_token_present: flagOrNull,
  })
  .transform((shown): Hook => ({
    id: shown.id,
    url: shown.url,
    name: shown.name,
    sendsMergeRequests: shown.merge_requests_events === true,
    otherEvents: Object.keys(shown)
      .filter((name) => isOtherEvent(name) && shown[name] === true)
      .toSorted(),
    // Every server shows it; where one did not, it could be off.
    verifiesTls: shown.enable_ssl_verification === true,
    hasTemplate: shown.custom_webhook_template !== '',
    health: shown.alert_status ?? 'executable',
    disabledUntil: shown.disabled_until,
    hasToken: shown.token_present,
    hasSigningToken: shown.signing_token_present,
  }));

// `repository_update_events` is shown by all hooks, and only system hooks can have it.
function isOtherEvent(name: string): boolean {
  return name.endsWith('_events') && name !== 'merge_requests_events' && name !== 'repository_update_events';
}
