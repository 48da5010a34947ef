import { createFaults, type Faults } from '../faults.ts';
import { startGitLab, type FakeGitLab, type GitLabOptions } from '../gitlab/gitlab.ts';
import type { Call } from '../http.ts';

export const signingToken = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Answers are looked at freely in tests.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface FilledGitLab {
  readonly gitlab: FakeGitLab;
  readonly faults: Faults;
  readonly calls: Call[];
  /** Path of the merge request of acme/payments, `/projects/…/merge_requests/1`. */
  readonly one: string;
  /** A clock that only this moves. */
  readonly advance: (ms: number) => void;
  /** Asks as `reader` unless another token is given; null is a visitor. */
  readonly ask: (path: string, init?: { method?: string; token?: string | null; json?: unknown }) => Promise<Answer>;
}

/** A fake GitLab with a group, a project, people, labels, rules and one open merge request that nobody approved. */
export async function startFilledGitLab(
  options: Partial<Omit<GitLabOptions, 'faults' | 'calls'>> = {},
): Promise<FilledGitLab> {
  const faults = createFaults();
  const calls: Call[] = [];
  let time = Date.parse('2026-09-20T08:00:00.412Z');
  const gitlab = await startGitLab({ faults, calls, now: () => new Date(time), ...options });
  gitlab.createGroup({ path: 'acme' });
  gitlab.createProject({ group: 'acme', path: 'payments', description: 'Card payments' });
  gitlab.createProject({ group: 'acme', path: 'web', mergeMethod: 'ff' });
  for (const username of ['ana', 'bo', 'cy', 'mira']) {
    const role = username === 'mira' ? 'owner' : 'developer';
    gitlab.createUser({ username, name: `${username} Name`, memberOf: [{ group: 'acme', role }] });
  }
  gitlab.createUser({ username: 'eve' });
  for (const title of ['security::high', 'security::low', 'security::web::high', 'backend']) {
    gitlab.createLabel({ group: 'acme', title });
  }
  if (gitlab.tier !== 'free') {
    gitlab.setApprovalRules({
      project: 'acme/payments',
      rules: [
        { name: 'Security', required: 1, users: ['bo'] },
        { name: 'All Members', type: 'any_approver', required: 2 },
      ],
    });
  }
  gitlab.createToken({ value: 'reader', group: 'acme', role: 'reporter', scopes: ['read_api'] });
  gitlab.createToken({ value: 'keeper', user: 'mira', scopes: ['api'] });
  gitlab.createToken({ value: 'outsider', user: 'eve', scopes: ['api'] });
  gitlab.createMergeRequest({
    project: 'acme/payments',
    author: 'ana',
    title: 'Harden token check',
    description: 'Fixes SEC-123',
    assignees: ['ana'],
    reviewers: ['bo', 'cy'],
    labels: ['backend'],
  });

  return {
    gitlab,
    faults,
    calls,
    one: '/projects/acme%2Fpayments/merge_requests/1',
    advance: (ms) => {
      time += ms;
    },
    async ask(path, { method = 'GET', token = 'reader', json } = {}) {
      const response = await fetch(`${gitlab.url}/api/v4${path}`, {
        method,
        headers: {
          ...(token === null ? {} : { 'private-token': token }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type') === 'application/json' && text !== '';
      return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
    },
  };
}
