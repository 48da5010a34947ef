/** The parts of the evidence as reason codes name them, and what they are called to people. */
const parts: Readonly<Record<string, string>> = {
  approval_state: 'the approval rules',
  approvals: 'the approvals',
  approver: 'the account of an approver',
  commits: 'the commits',
  earlier_commits: 'the commits of earlier versions',
  identities: 'whose commit addresses these are',
  label_events: 'the history of labels',
  merge_request: 'the merge request',
  merger: 'the account that merged',
  notes: 'the notes',
  project_settings: 'the approval settings of the project',
  security_reviewers: 'the members of the group of security reviewers',
  state_events: 'the history of states',
  ticket: 'the linked issue',
  versions: 'the versions of the diff',
};

const causes: Readonly<Record<string, string>> = {
  bad_response: 'the answer made no sense',
  erased: 'a part of it was erased',
  forbidden: 'the token may not see it; give it the scope read_api and the role Reporter, or Maintainer for settings',
  not_licensed: 'it comes with a higher tier of GitLab',
  not_found: 'it is gone, or hidden from the token',
  refused: 'the server refused to tell',
  too_large: 'it is larger than can be kept',
  too_many: 'there are more of them than are read',
  unauthorized: 'the token was not accepted',
};

/** What a reason says that stands for a part of the evidence which could not be read; undefined for any other. */
export function unreadSentence(reason: string): string | undefined {
  for (const [part, name] of Object.entries(parts)) {
    if (!reason.startsWith(`${part}_`)) continue;
    const code = reason.slice(part.length + 1);
    return `Could not read ${name}: ${causeOf(part, code)}.`;
  }
  return undefined;
}

function causeOf(part: string, code: string): string {
  // Linear's keys know no GitLab scopes.
  if (part === 'ticket' && code === 'forbidden') return 'the key may not see it';
  return causes[code] ?? `${code.replaceAll('_', ' ')}, until the deadline`;
}
