/** Everything that a request can be turned away with. */
export type DoorCode =
  | 'not_json'
  | 'wrong_shape'
  | 'signature_missing'
  | 'signature_invalid'
  | 'timestamp_missing'
  | 'timestamp_outside_window'
  | 'token_missing'
  | 'token_invalid'
  | 'too_large'
  | 'wrong_type'
  | 'not_durable'
  | 'overloaded'
  | 'stopping'
  | 'not_found'
  | 'bad_request'
  | 'internal';

/** Code to status and to words: what is wrong and what to do about it. One table, so that no door invents its own. */
const table: Readonly<Record<DoorCode, { readonly status: number; readonly message: string }>> = {
  not_json: { status: 400, message: 'The body is not JSON. Leave the custom webhook template empty in GitLab.' },
  wrong_shape: {
    status: 400,
    message: 'The body is not a GitLab event. Leave the custom webhook template empty in GitLab.',
  },
  signature_missing: {
    status: 401,
    message: 'The request carries no webhook-signature. Set the signing token of the GitLab hook.',
  },
  signature_invalid: {
    status: 401,
    message: 'The webhook-signature does not match. Is the signing token of the GitLab hook GITLAB_SIGNING_TOKEN?',
  },
  timestamp_missing: { status: 401, message: 'The request carries no readable webhook-timestamp.' },
  timestamp_outside_window: {
    status: 401,
    message: 'The webhook-timestamp is more than 300 seconds away from our clock. Compare the clocks of both servers.',
  },
  token_missing: {
    status: 401,
    message: 'The request carries no X-Gitlab-Token. Set the secret token of the GitLab hook.',
  },
  token_invalid: {
    status: 401,
    message: 'The X-Gitlab-Token does not match. Is the secret token of the GitLab hook GITLAB_WEBHOOK_TOKEN?',
  },
  too_large: { status: 413, message: 'The body is larger than the 25 MB that GitLab sends at most.' },
  wrong_type: { status: 415, message: 'The body must be application/json.' },
  not_durable: { status: 503, message: 'The event could not be stored in time. It has not been taken up.' },
  overloaded: { status: 503, message: 'Too much waits to be stored. The event has not been taken up.' },
  stopping: { status: 503, message: 'The service is stopping. The event has not been taken up.' },
  not_found: { status: 404, message: 'There is nothing at this address.' },
  bad_request: { status: 400, message: 'The request could not be read.' },
  internal: { status: 500, message: 'The service failed. Its log says why.' },
};

export interface Refusal {
  readonly status: number;
  readonly body: { readonly error: DoorCode; readonly message: string; readonly where?: string };
}

/** The answer for a code. */
export function refusal(code: DoorCode, where?: string): Refusal {
  const { status, message } = table[code];
  return { status, body: { error: code, message, ...(where === undefined ? {} : { where }) } };
}

/** What Fastify's own refusals are called here. */
export function doorCodeOf(error: { code?: string; statusCode?: number }): DoorCode {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'too_large';
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return 'wrong_type';
  return (error.statusCode ?? 500) < 500 ? 'bad_request' : 'internal';
}
