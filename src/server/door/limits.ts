/** What the front door puts up with. All of it is per process. */
export interface DoorLimits {
  /** Bytes of one body. */
  readonly largestBody: number;
  /** Bytes of bodies that are being read, from whoever it is, over all connections. */
  readonly readingBytes: number;
  /** Open connections; beyond it, those that have been idle longest are let go of. */
  readonly connections: number;
  /** For the head of a request. */
  readonly headersMs: number;
  /** For a whole request. */
  readonly requestMs: number;
  /** How long a connection may be idle between two requests. */
  readonly idleMs: number;
  /** How often it is looked who takes too long. */
  readonly lookEveryMs: number;
}

const megabyte = 1024 * 1024;

export const doorLimits: DoorLimits = {
  // GitLab sends at most 25 MB.
  largestBody: 26 * megabyte,
  readingBytes: 64 * megabyte,
  connections: 4096,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 72_000,
  lookEveryMs: 5_000,
};
