import type { SandboxAnswer } from '../../http.ts';
import type { GitLabFact } from '../facts.ts';

/** A successful answer. */
export function succeed(fact: GitLabFact, body: unknown, status = 200): SandboxAnswer {
  return { status, body, fact: `gitlab ${fact}` };
}

/** An answer without a body, for what was deleted. */
export function succeedSilently(fact: GitLabFact): SandboxAnswer {
  return { status: 204, fact: `gitlab ${fact}` };
}

/** A refusal in the words of the API: `{"message": …}`. */
export function refuse(fact: GitLabFact, status: number, message: unknown): SandboxAnswer {
  return { status, body: { message }, fact: `gitlab ${fact}` };
}

/** A refusal in the words of the layer that checks parameters, tokens and routes: `{"error": …}`. */
export function refuseEarly(fact: GitLabFact, status: number, error: string): SandboxAnswer {
  return { status, body: { error }, fact: `gitlab ${fact}` };
}

/** Leaves a route with an answer that is not the one asked for. */
export class Refusal extends Error {
  readonly answer: SandboxAnswer;

  constructor(answer: SandboxAnswer) {
    super(`refused with ${answer.status}`);
    this.name = 'Refusal';
    this.answer = answer;
  }
}

export const projectNotFound = refuse('4.1 hidden', 404, '404 Project Not Found');
export const groupNotFound = refuse('4.1 hidden', 404, '404 Group Not Found');
export const notFound = refuse('4.1 hidden', 404, '404 Not found');
export const forbidden = refuse('7 role', 403, '403 Forbidden');
export const unlicensed = refuseEarly('4.1 licence', 404, '404 Not Found');
