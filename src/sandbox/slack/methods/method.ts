import type { Answer } from '../answers.ts';
import type { Arguments } from '../arguments.ts';
import type { Limits } from '../limits.ts';
import type { SlackSwitches } from '../switches.ts';
import type { Workspace } from '../workspace.ts';

/** What a token is by its prefix. A rotating one ends after twelve hours and is renewed by another. */
export type TokenKind = 'bot' | 'rotating_bot' | 'user' | 'app';

/** One call: the workspace, what was given, and what the token may do. */
export interface Invocation {
  readonly workspace: Workspace;
  readonly switches: SlackSwitches;
  readonly limits: Limits;
  readonly scopes: ReadonlySet<string>;
  readonly token: TokenKind;
  readonly given: Arguments;
}

export interface Method {
  /** One of these is needed; none where it is empty. */
  readonly scopes: readonly string[];
  /** Calls a minute; 0 where the method has a limit of its own. */
  readonly tier: number;
  readonly takesJson: boolean;
  readonly writes: boolean;
  /** Whether a token of the app itself, `xapp-…`, may call it. */
  readonly takesAppToken?: boolean;
  readonly run: (invocation: Invocation) => Answer;
}
