import { ConnectorError, type ConnectorErrorCode } from '../errors.ts';
import { retryAfterSeconds, type HttpAnswer } from '../http.ts';
import type { Answer } from './schema.ts';

// Errors after which a message is certainly not in the channel. Any other answer leaves that open, also one that we do
// not know: a message must neither be lost nor come twice.
const notPosted: Readonly<Record<string, ConnectorErrorCode>> = {
  channel_not_found: 'not_found',
  not_in_channel: 'forbidden',
  is_archived: 'unsuitable',
  no_text: 'refused',
  msg_too_long: 'too_large',
  msg_blocks_too_long: 'too_large',
  metadata_too_large: 'too_large',
  too_many_attachments: 'too_large',
  invalid_blocks: 'refused',
  invalid_blocks_format: 'refused',
  invalid_metadata_format: 'refused',
  invalid_metadata_schema: 'refused',
  markdown_text_conflict: 'refused',
  cannot_reply_to_message: 'refused',
  thread_not_found: 'not_found',
  restricted_action: 'forbidden',
  restricted_action_non_threadable_channel: 'forbidden',
  restricted_action_read_only_channel: 'forbidden',
  restricted_action_thread_locked: 'forbidden',
  restricted_action_thread_only_channel: 'forbidden',
  messages_tab_disabled: 'refused',
  invalid_arg_name: 'refused',
  invalid_form_data: 'refused',
  invalid_charset: 'refused',
  missing_post_type: 'refused',

  not_authed: 'unauthorized',
  invalid_auth: 'unauthorized',
  account_inactive: 'unauthorized',
  token_revoked: 'unauthorized',
  token_expired: 'unauthorized',
  missing_scope: 'forbidden',
  no_permission: 'forbidden',
  org_login_required: 'forbidden',
  two_factor_setup_required: 'forbidden',
  ekm_access_denied: 'forbidden',
  access_denied: 'forbidden',
  accesslimited: 'forbidden',
  app_access_restricted: 'forbidden',

  ratelimited: 'rate_limited',
  rate_limited: 'rate_limited',
  message_limit_exceeded: 'rate_limited',
  team_added_to_org: 'rate_limited',
};

// Further errors of the methods that post nothing.
const ofOtherMethods: Readonly<Record<string, ConnectorErrorCode>> = {
  message_not_found: 'not_found',
  cant_delete_message: 'forbidden',
  channel_is_limited_access: 'forbidden',
  method_not_supported_for_channel_type: 'refused',
  invalid_cursor: 'refused',
  invalid_ts_oldest: 'refused',
  invalid_ts_latest: 'refused',
  invalid_arguments: 'refused',
};

const outages: Readonly<Record<string, ConnectorErrorCode>> = {
  fatal_error: 'server_error',
  internal_error: 'server_error',
  service_unavailable: 'server_error',
  request_timeout: 'timeout',
};

const advice: Readonly<Record<string, string>> = {
  not_in_channel: 'invite the app to the channel',
  channel_not_found: 'check the id of the channel; the app has to be invited to a private one',
  is_archived: 'the channel is archived; unarchive it, or choose another',
  missing_scope: 'add the scope to the app and install it again',
};

/** What an error in an answer means, and for a posting method above all: can the message be in the channel? */
export function failureOfError(method: string, answer: HttpAnswer, body: Answer, now: Date): ConnectorError {
  const given = body.error ?? '';
  const known = /^[a-z0-9_]{1,80}$/.test(given) ? given : undefined;
  const code =
    known === undefined
      ? undefined
      : (notPosted[known] ?? outages[known] ?? (method === 'chat.postMessage' ? undefined : ofOtherMethods[known]));
  const scopes = /^[a-z:._,-]{1,200}$/.test(body.needed ?? '') ? `needed: ${body.needed}` : undefined;
  const hints = [advice[known ?? ''], scopes].filter((hint) => hint !== undefined);
  return failure(method, answer, code ?? 'bad_response', now, known ?? 'an unknown error', hints, known);
}

/** What an answer means that holds no answer of Slack's: a proxy's page, a redirect, a bare 429 or 5xx. */
export function failureOfStatus(method: string, answer: HttpAnswer, now: Date): ConnectorError {
  const code =
    answer.status === 429
      ? 'rate_limited'
      : answer.status >= 500
        ? 'server_error'
        : answer.status === 408
          ? 'timeout'
          : 'bad_response';
  return failure(method, answer, code, now, `HTTP ${answer.status} without an answer of Slack's`, []);
}

function failure(
  method: string,
  answer: HttpAnswer,
  code: ConnectorErrorCode,
  now: Date,
  what: string,
  hints: readonly string[],
  vendorCode?: string,
): ConnectorError {
  const seconds = code === 'rate_limited' ? retryAfterSeconds(answer.headers, now) : undefined;
  return new ConnectorError({
    vendor: 'slack',
    code,
    status: answer.status,
    message: `Slack answered ${method} with ${what}${hints.length === 0 ? '' : ` (${hints.join('; ')})`}`,
    ...(vendorCode === undefined ? {} : { vendorCode }),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  });
}
