import type { Primitives, Signer } from '@countersign/ledger';
import type { HeadMemory } from './head-memory.ts';

/** Who keeps the log: its origin line is the signer's name. */
export interface LogKeeper {
  readonly primitives: Primitives;
  /** Who signs now. Another one once the key has been rotated. */
  readonly signer: Signer;
  /** Looks for the key that the log is signed with now; true where it is another one than before. */
  refresh(): Promise<boolean>;
  /** Why nothing may be appended any more; undefined while all is well. */
  readonly halted: Error | undefined;
  halt(reason: Error): void;
  /** What this node has seen of the log. */
  readonly memory: HeadMemory;
}
