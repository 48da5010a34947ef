import { ConnectorError, type ConnectorErrorCode } from '../errors.ts';
import { parseTimeStampResponse, type TimeStampResponse } from './schema.ts';

/** What was asked for, and when. */
export interface Asked {
  readonly sha256: Uint8Array;
  readonly nonce: Uint8Array;
  readonly now: Date;
}

/** How far the clock of the authority may be from ours. A stamp that says another hour would bear witness against us. */
export const mostApartMs = 3_600_000;

const sha256Id = '608648016503040201'; // 2.16.840.1.101.3.4.2.1, RFC 5754 §2.2

/** PKIFailureInfo, by its bits (RFC 3161 §2.4.2). */
const failures: Readonly<Record<number, { name: string; code: ConnectorErrorCode }>> = {
  0: { name: 'badAlg', code: 'refused' },
  2: { name: 'badRequest', code: 'refused' },
  5: { name: 'badDataFormat', code: 'refused' },
  14: { name: 'timeNotAvailable', code: 'server_error' },
  15: { name: 'unacceptedPolicy', code: 'refused' },
  16: { name: 'unacceptedExtension', code: 'refused' },
  17: { name: 'addInfoNotAvailable', code: 'refused' },
  25: { name: 'systemFailure', code: 'server_error' },
};

/**
 * Holds an answer against what was asked (RFC 3161 §2.2, §2.4.2) and gives the time that it states.
 *
 * - `bad_response`: not a time stamp, or one of something else, for another request, without a certificate, or of a time
 *   that is not now
 * - `refused`, `server_error`: the authority says no, for good or for now
 *
 * The signature is not verified here: whom to trust is for whoever relies on the stamp to say.
 */
export function checkResponse(bytes: Uint8Array, asked: Asked): { readonly statedAt: Date } {
  const response = parsed(bytes);
  if (response.status !== 0 && response.status !== 1) throw refusalOf(response);
  const { token } = response;
  if (token === undefined) throw bad('says that it was granted, and holds no time stamp');
  if (token.hashAlgorithm !== sha256Id || !token.hashedMessage.equals(asked.sha256)) {
    throw bad('holds a time stamp of something else');
  }
  // The integer in DER has a zero before the set bit with which the nonce begins.
  if (token.nonce?.equals(Buffer.concat([Buffer.of(0), asked.nonce])) !== true) {
    throw bad('holds a time stamp for another request');
  }
  if (!token.hasCertificate) throw bad('holds no certificate to verify the time stamp with');
  if (Math.abs(token.genTime.getTime() - asked.now.getTime()) > mostApartMs) {
    throw bad(
      `states ${token.genTime.toISOString()} as the time. Compare the clocks: ours says ${asked.now.toISOString()}`,
    );
  }
  return { statedAt: token.genTime };
}

function parsed(bytes: Uint8Array): TimeStampResponse {
  try {
    return parseTimeStampResponse(bytes);
  } catch (cause) {
    throw bad('is not a time-stamp response in DER', cause);
  }
}

function bad(what: string, cause?: unknown): ConnectorError {
  return new ConnectorError({
    vendor: 'tsa',
    code: 'bad_response',
    message: `The answer of the time-stamping authority ${what}`,
    cause,
  });
}

function refusalOf({ status, failure }: TimeStampResponse): ConnectorError {
  const known = failure === undefined ? undefined : failures[failure];
  const why = known === undefined ? '' : `, ${known.name}`;
  return new ConnectorError({
    vendor: 'tsa',
    code: known?.code ?? 'refused',
    message: `The time-stamping authority refused to stamp (status ${status}${why})`,
    ...(known === undefined ? {} : { vendorCode: known.name }),
  });
}
