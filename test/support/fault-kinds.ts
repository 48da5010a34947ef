import type { FaultKind } from '../../src/sandbox/faults.ts';

/** Every way in which a call can fail and be made again; silence, which takes the client's whole patience, is not among them. */
export const passingKinds: readonly FaultKind[] = [
  'limit',
  'limit_bare',
  'limit_text',
  'error_500',
  'error_502',
  'error_503',
  'reset',
  'slow',
  'wrong_type',
  'wrong_json',
  'commit_then_reset',
  'commit_then_500',
  'commit_then_half',
  'commit_then_cut',
  'commit_then_wrong_type',
];
