import type { SandboxAnswer, SandboxRequest } from '../http.ts';
import { tokenSeconds, type Credentials } from './credentials.ts';

const fact = 'linear 1 client credentials';
const known = new Set(['read', 'write', 'issues:create', 'comments:create', 'timeSchedule:write', 'admin']);

/** Answers `POST /oauth/token`, for client credentials only. */
export function answerToken(request: SandboxRequest, credentials: Credentials): SandboxAnswer {
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) {
    return refuse(400, 'invalid_request', 'The request must be form-encoded');
  }
  const form = new URLSearchParams(request.body.toString('utf8'));
  const grant = form.get('grant_type');
  if (grant !== 'client_credentials') {
    return refuse(400, 'unsupported_grant_type', 'The sandbox knows client_credentials only');
  }
  const [id, secret] = basic(request.headers.authorization) ?? [form.get('client_id'), form.get('client_secret')];
  if (id !== credentials.clientId || secret !== credentials.clientSecret) {
    return refuse(401, 'invalid_client', 'Client id or secret is wrong');
  }
  if (!credentials.clientCredentialsOn) {
    return refuse(400, 'unauthorized_client', 'Client credentials are not switched on for this application');
  }
  // Comma-separated in the request, space-separated in the answer.
  const asked = (form.get('scope') ?? 'read').split(',').map((scope) => scope.trim());
  const unknown = asked.find((scope) => !known.has(scope));
  if (unknown !== undefined) return refuse(400, 'invalid_scope', `Unknown scope: ${unknown}`);
  const scopes = new Set(['read', ...asked.filter((scope) => credentials.grantable.has(scope))]);
  return {
    status: 200,
    body: {
      access_token: credentials.issueToken(scopes),
      token_type: 'Bearer',
      expires_in: tokenSeconds,
      scope: [...scopes].join(' '),
    },
    fact,
  };
}

function refuse(status: number, error: string, description: string): SandboxAnswer {
  return { status, body: { error, error_description: description }, fact };
}

function basic(header: string | undefined): [string, string] | undefined {
  const encoded = /^Basic (.+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return [id, secret.join(':')];
}
