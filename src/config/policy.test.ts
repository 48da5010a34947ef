import { describe, expect, it } from 'vitest';
import { usualPolicy } from '../domain/fixtures/policy.ts';
import { canonicalPolicy, checkIds, type Policy } from '../domain/policy.ts';
import { ConfigError } from './errors.ts';
import { loadConfig } from './load-config.ts';
import { policyOf } from './policy.ts';

const environment = {
  GITLAB_TOKEN: 'gitlab',
  GITLAB_WEBHOOK_TOKEN: 'webhook',
  LINEAR_API_KEY: 'linear',
  CONFLUENCE_TOKEN: 'confluence',
  SLACK_BOT_TOKEN: 'slack',
};
const small = `gitlab: { url: 'https://gitlab.com' }
confluence: { url: 'https://wiki.acme.example', page_id: 4711 }
slack: { fallback_channel: C0SECURITY }
server: { public_url: 'https://countersign.acme.example' }
`;

describe('the policy of a configuration', () => {
  it('is the usual one where nothing is said', () => {
    expect(policyOf(load(''))).toStrictEqual(usualPolicy);
  });

  it('holds what filter, identities, policy and emergency say, in the words of the domain', () => {
    const config = load(`filter: { labels: ['sec::*', pci] }
projects:
  - { path: acme/payments, labels: [audit] }
  - { path: acme/website, target_branches: [main] }
identities:
  - { username: bchen, emails: [bo@acme.example, Bo@Chen.example] }
policy:
  approvals: 2
  checks: { RC-09: blocking, RC-13: off, RC-10: blocking }
  security_reviewers: { group: acme/security, usernames: [mlund] }
  author_may_merge: false
  pipelines: required
  exemptions: [{ bot: renovate-bot, projects: ['acme/*'] }, { bot: release-bot }]
emergency:
  labels: [emergency]
  source_branches: ['hotfix/*']
  review_within_hours: 24
  reason_prefix: 'Reason:'
  review_prefix: Seen
`);
    const expected: Policy = {
      labels: ['sec::*', 'pci'],
      projectLabels: [{ path: 'acme/payments', labels: ['audit'] }],
      approvals: 2,
      checks: { ...usualPolicy.checks, 'RC-09': 'blocking', 'RC-10': 'blocking', 'RC-13': 'off' },
      identities: [{ username: 'bchen', id: null, emails: ['bo@acme.example', 'Bo@Chen.example'] }],
      securityReviewers: { group: 'acme/security', usernames: ['mlund'] },
      authorMayMerge: false,
      pipelines: 'required',
      exemptions: [
        { bot: 'renovate-bot', projects: ['acme/*'] },
        { bot: 'release-bot', projects: ['*'] },
      ],
      emergency: {
        labels: ['emergency'],
        sourceBranches: ['hotfix/*'],
        reviewWithinHours: 24,
        reasonPrefix: 'Reason:',
        reviewPrefix: 'Seen',
      },
    };
    expect(policyOf(config)).toStrictEqual(expected);
  });

  it('is not touched by what has nothing to do with reviews in single projects', () => {
    expect(policyOf(load('projects: [{ path: acme/payments, target_branches: [main] }]\n'))).toStrictEqual(usualPolicy);
  });

  it('is signed whole', () => {
    expect(JSON.parse(canonicalPolicy(policyOf(load(''))))).toEqual(usualPolicy);
  });

  it.each(checkIds)('takes %s for blocking, advisory and off, and for nothing else', (id) => {
    const reviewers = 'security_reviewers: { usernames: [mlund] }';
    const modes = ['blocking', 'advisory', 'off'];
    const read = modes.map((mode) => load(`policy: { ${reviewers}, checks: { ${id}: ${mode} } }\n`));
    expect(read.map((config) => policyOf(config).checks[id])).toEqual(modes);
    expect(problems(`policy: { checks: { ${id}: warn } }\n`)).toEqual([
      `policy.checks.${id} is not one of the values it can have. It can be blocking, advisory, off`,
    ]);
  });
});

describe('a policy that is wrong', () => {
  it.each<[string, string]>([
    ['policy: { approvals: 0 }', 'policy.approvals is less than 1'],
    ['policy: { checks: { RC-18: off } }', 'policy.checks.RC-18 is not a known key. Did you mean RC-'],
    ['policy: { author_may_merge: sometimes }', 'policy.author_may_merge should be true or false'],
    ['policy: { pipelines: never }', 'policy.pipelines is not one of the values it can have. It can be optional'],
    ['policy: { security_reviewers: { group: /acme } }', 'policy.security_reviewers.group is not a full path'],
    [
      'policy: { security_reviewers: { users: [x] } }',
      'security_reviewers.users is not a known key. Known here: group, usernames',
    ],
    [
      "policy: { security_reviewers: { usernames: ['@bchen'] } }",
      'policy.security_reviewers.usernames[0] is not a user name in GitLab. Give the name without @',
    ],
    ['policy: { exemptions: [{ projects: [acme/web] }] }', 'policy.exemptions[0].bot is missing. The user name of'],
    ['policy: { exemptions: [{ bot: b, projects: [] }] }', 'policy.exemptions[0].projects is an empty list'],
    ['policy: { exemptions: [{ bot: b, projects: [/acme/] }] }', 'projects[0] can match no project'],
    ['policy: { exemptions: [{ bot: b }, { bot: B }] }', 'policy.exemptions[1].bot is named by an earlier entry'],
    ['identities: [{ username: b@c, emails: [b@c.example] }]', 'identities[0].username is not a user name'],
    ['identities: [{ username: b, emails: [b at c] }]', 'identities[0].emails[0] is not in the right form. An address'],
    [
      'identities: [{ username: b, emails: [b@c.d] }, { username: B, emails: [x@c.d] }]',
      'identities[1].username is named by an earlier entry. List all addresses',
    ],
    [
      'identities: [{ username: b, emails: [b@c.d, x@c.d] }, { username: c, emails: [c@c.d, X@C.D] }]',
      'identities[1].emails[1] is an address of an earlier entry. Leave each address',
    ],
    [
      'emergency: { review_within_days: 7 }',
      'emergency.review_within_days is not a known key. Did you mean review_within_hours?',
    ],
    ['emergency: { review_within_hours: 1.5 }', 'emergency.review_within_hours should be a whole number'],
    ['emergency: { review_within_hours: 0 }', 'emergency.review_within_hours is less than 1'],
    ["emergency: { reason_prefix: '' }", 'emergency.reason_prefix is empty. The line of the description'],
    ["emergency: { source_branches: ['hot fix'] }", 'emergency.source_branches[0] can match no branch'],
    ["filter: { journal_projects: ['^acme/.*$'] }", 'filter.journal_projects[0] can match no project'],
  ])('refuses %s', (text, problem) => {
    expect(problems(`${text}\n`)).toEqual([expect.stringContaining(problem)]);
  });

  it('lets an address stand twice in one entry: it is one person’s all the same', () => {
    const [person] = load('identities: [{ username: b, emails: [b@c.d, B@c.d] }]\n').identities;
    expect(person).toEqual({ username: 'b', id: null, emails: ['b@c.d', 'B@c.d'] });
  });

  it('refuses a check for security reviewers that blocks and has nobody to ask for', () => {
    const blocking = 'checks: { RC-10: blocking }';
    expect(problems(`policy: { ${blocking} }\n`)).toEqual([
      'policy.checks.RC-10 is blocking, but there are no security reviewers. ' +
        'Name a group or user names in policy.security_reviewers',
    ]);
    expect(problems(`policy: { approvals: 0, ${blocking} }\n`)).toHaveLength(2);
    expect(load(`policy: { ${blocking}, security_reviewers: { group: acme } }\n`)).toBeDefined();
    expect(load(`policy: { ${blocking}, security_reviewers: { usernames: [mlund] } }\n`)).toBeDefined();
  });

  it.each(['emergency:\n  reason_prefix: Emergency:\n', 'emergency: { reason_prefix: Emergency: }\n'])(
    'says that %j needs quotes',
    (text) => {
      expect(problems(text)).toEqual([expect.stringContaining('needs quotes, as in "Emergency:"')]);
    },
  );
});

function load(more: string) {
  const text = `${small}${more}`;
  return loadConfig({ path: 'countersign.yaml', environment, readFile: (name) => (name === '.env' ? '' : text) });
}

/** What is wrong with it, as people read it, without the place. */
function problems(more: string): string[] {
  try {
    load(more);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ message, hint }) => `${message}. ${hint}`);
    throw error;
  }
  throw new Error('Nothing was wrong with it');
}
