import type { SandboxAnswer } from '../../http.ts';
import { failLock, failV1, failV2, refuseV2 } from '../answers.ts';
import type { MarkupProblem } from '../markup/parse.ts';
import type { ConfluenceSwitches } from '../switches.ts';

/** 409 with the exact text that was captured, or what the database says instead. */
export function refuseVersion(switches: ConfluenceSwitches, current: number, provided: number): SandboxAnswer {
  if (switches.staleVersionAnswers === 500) return failLock();
  return failV2({
    status: 409,
    code: 'CONFLICT',
    title: `Version must be incremented when updating a page. Current Version: [${current}]. Provided version: [${provided}]`,
    fact: 'page.conflict',
    statusAsText: !switches.conflictStatusIsNumber,
  });
}

/** 400 for markup that is not well-formed. */
export function refuseMarkup(switches: ConfluenceSwitches, problem: MarkupProblem): SandboxAnswer {
  const text = describeProblem(problem);
  return switches.markupErrorEnvelope === 'v1' ? failV1(400, text, 'page.markup') : refuseV2(text, 'page.markup');
}

/** What the server's parser says, with the place. */
export function describeProblem({ text, row, column }: MarkupProblem): string {
  return `Error parsing xhtml: ${text}\n at [row,col {unknown-source}]: [${row},${column}]`;
}

/** 400 for a title that is taken. */
export function refuseTitle(): SandboxAnswer {
  return refuseV2(
    'A page with this title already exists: A page already exists with the same TITLE in this space',
    'page.title',
  );
}

/** 400 for a title that cannot be one. */
export function refuseBadTitle(title: unknown): SandboxAnswer | undefined {
  if (typeof title !== 'string' || title.trim() === '') return refuseV2("'title' must not be blank");
  return title.length > 255 ? refuseV2("'title' must not be longer than 255 characters") : undefined;
}
