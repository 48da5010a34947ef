/**
 * Every way a call to a vendor can fail. Retrying decides on these (`workflow/retry.ts`), never on a message.
 *
 * `unreachable` is certain: the request never left. `timeout`, `lost` and `server_error` are not: it may have happened.
 */
export type ConnectorErrorCode =
  | 'unreachable' // DNS, refused connection, TLS: the request was never written
  | 'timeout' // written, no whole answer in time: outcome unknown
  | 'lost' // written, connection lost or answer cut: outcome unknown
  | 'server_error' // 5xx: outcome unknown
  | 'bad_response' // answered, but not in a shape we can read: outcome unknown
  | 'rate_limited' // refused for now, nothing happened
  | 'conflict' // somebody else wrote first
  | 'unauthorized' // credential bad or expired
  | 'forbidden' // credential lacks a scope or role
  | 'not_found' // gone, or hidden from this credential
  | 'too_large'
  | 'refused' // any other answer that says no, for good
  | 'ambiguous' // more than one candidate; a person has to choose
  | 'read_only' // our own client was told to write nothing: it never left
  | 'unsuitable'; // the target is in a state that must not be overwritten

export type Vendor = 'gitlab' | 'linear' | 'confluence' | 'slack' | 'tsa' | 'log' | 'model';

export interface ConnectorErrorDetails {
  readonly vendor: Vendor;
  readonly code: ConnectorErrorCode;
  /** For people: what is wrong, where, and what to do next. Never holds a secret or raw foreign text. */
  readonly message: string;
  /** HTTP status of the answer, where there was one. */
  readonly status?: number;
  /** The vendor's own code, for instance `not_in_channel`. */
  readonly vendorCode?: string;
  /** How long the vendor asked us to wait, in seconds. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

export class ConnectorError extends Error {
  readonly vendor: Vendor;
  readonly code: ConnectorErrorCode;
  readonly status: number | undefined;
  readonly vendorCode: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(details: ConnectorErrorDetails) {
    super(details.message, { cause: details.cause });
    this.name = 'ConnectorError';
    this.vendor = details.vendor;
    this.code = details.code;
    this.status = details.status;
    this.vendorCode = details.vendorCode;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** True for errors of this area; by shape, because classes do not survive a queue or a process. */
export function isConnectorError(error: unknown): error is ConnectorError {
  return error instanceof Error && 'vendor' in error && 'code' in error;
}
