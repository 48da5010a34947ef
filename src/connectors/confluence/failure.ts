import { z } from 'zod';
import { ConnectorError, type ConnectorErrorCode } from '../errors.ts';
import { type AnswerHeaders, codeOfStatus, retryAfterSeconds, type HttpAnswer } from '../http.ts';

/** Largest request that Confluence takes, in bytes of its JSON (CONFCLOUD-73881). */
export const largestRequest = 5_242_880;

/** The target is in a state that must not be overwritten. */
export function unsuitable(message: string): ConnectorError {
  return new ConnectorError({ vendor: 'confluence', code: 'unsuitable', message });
}

/** Somebody else wrote first, or what was written is not to be seen yet: start over from the read. */
export function conflict(message: string): ConnectorError {
  return new ConnectorError({ vendor: 'confluence', code: 'conflict', message });
}

/** The request would pass, or did pass, the size limit. */
export function tooLarge(subject: string, status?: number): ConnectorError {
  return new ConnectorError({
    vendor: 'confluence',
    code: 'too_large',
    message: `Confluence takes at most ${largestRequest} bytes for ${subject}; start a new page for further rows`,
    ...(status === undefined ? {} : { status }),
  });
}

// Both envelopes may come from either version of the API: gateway and size errors use v1 on v2 paths.
const Envelope = z.object({
  errors: z
    .array(z.object({ code: z.string().optional().catch(undefined), title: z.string().optional().catch(undefined) }))
    .optional()
    .catch(undefined),
  message: z.string().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
});

interface Complaint {
  readonly text: string;
  readonly code: string | undefined;
}

/** Reads an error answer, whichever envelope it has; empty and HTML bodies say nothing. */
function readComplaint(answer: HttpAnswer): Complaint {
  let value: unknown;
  try {
    value = JSON.parse(answer.bytes.toString('utf8'));
  } catch {
    return { text: '', code: undefined };
  }
  const { errors = [], message = '', reason } = Envelope.safeParse(value).data ?? {};
  const code = errors[0]?.code ?? reason;
  return {
    text: `${errors.map(({ title = '' }) => title).join(' ')} ${message}`,
    // Only what looks like a code is passed on: everything else is foreign text.
    code: code !== undefined && /^[A-Za-z_ ]{1,60}$/.test(code) ? code : undefined,
  };
}

interface Verdict {
  readonly code: ConnectorErrorCode;
  readonly message: string;
  readonly vendorCode?: string;
}

/** The error that an answer outside 200 to 299 stands for. `subject` says what was asked for, for instance `page 4711`. */
export function failureOf(answer: HttpAnswer, subject: string, now: Date): ConnectorError {
  const { status } = answer;
  if (status === 413) return tooLarge(subject, status);
  const complaint = readComplaint(answer);
  const { code, message, vendorCode = complaint.code } = judge(status, complaint.text, subject);
  const wait = code === 'rate_limited' ? waitSeconds(answer.headers, now) : undefined;
  return new ConnectorError({
    vendor: 'confluence',
    code,
    message,
    status,
    ...(vendorCode === undefined ? {} : { vendorCode }),
    ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
  });
}

function judge(status: number, text: string, subject: string): Verdict {
  switch (status) {
    case 400:
      return judgeBadRequest(text, subject);
    case 401:
      if (/scope does not match/i.test(text)) {
        const message = `The scopes of the Confluence token do not cover ${subject}; make one that has them`;
        return { code: 'unauthorized', vendorCode: scopeMissing, message };
      }
      return { code: 'unauthorized', message: 'Confluence does not accept the credential; renew the API token' };
    case 403:
      return { code: 'forbidden', message: `The account may not do this to ${subject} in Confluence` };
    case 404:
      return { code: 'not_found', message: `In Confluence ${subject} is absent or hidden from this account` };
    case 409:
      return { code: 'conflict', message: `Somebody else wrote to ${subject} in Confluence at the same time` };
    case 410:
      // Newer Cloud sites answer so on the whole of v1: the page has not gone.
      return { code: 'refused', message: `Confluence no longer offers this call for ${subject}; is it a Cloud site?` };
    case 429:
      return { code: 'rate_limited', message: 'Confluence asks for fewer requests' };
    default:
      if (status >= 300 && status < 400) {
        return { code: 'refused', message: `Confluence redirects elsewhere (${status}); check the configured address` };
      }
      return { code: codeOfStatus(status), message: `Confluence answered ${status} for ${subject}` };
  }
}

function judgeBadRequest(text: string, subject: string): Verdict {
  if (/error parsing xhtml/i.test(text)) {
    const place = /\[\s*row\s*,\s*col[^\]]*\]\s*:\s*\[(\d{1,9})\s*,\s*(\d{1,9})\]/i.exec(text);
    const where = place === null ? '' : ` at row ${place[1]}, column ${place[2]}`;
    return {
      code: 'refused',
      vendorCode: 'malformed_body',
      message: `Confluence calls the markup for ${subject} malformed${where}`,
    };
  }
  if (/title/i.test(text) && /already exists/i.test(text)) {
    return {
      code: 'refused',
      vendorCode: duplicateTitle,
      message: `In Confluence a page of that title exists already (${subject})`,
    };
  }
  // The collaborative editor has not caught up with the page, or a stale version is told as 400: both heal.
  if (/version must be incremented|unreconciled|stale (data|version)/i.test(text)) {
    return { code: 'conflict', message: `Confluence is not ready for a new version of ${subject}` };
  }
  return { code: 'refused', message: `Confluence refused the request for ${subject} (400)` };
}

/** The vendor code of a scoped token that lacks the scope of a call. */
export const scopeMissing = 'scope_missing';

/** The vendor code of a title that is taken. */
export const duplicateTitle = 'duplicate_title';

/** Seconds to wait: `Retry-After`, or else `X-RateLimit-Reset`, which is ISO 8601 here and no epoch. */
function waitSeconds(headers: AnswerHeaders, now: Date): number | undefined {
  const asked = retryAfterSeconds(headers, now);
  if (asked !== undefined) return asked;
  const reset = headers.get('x-ratelimit-reset')?.trim() ?? '';
  if (!/^\d{4}-\d\d-\d\dT/.test(reset)) return undefined;
  const at = Date.parse(reset);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}
