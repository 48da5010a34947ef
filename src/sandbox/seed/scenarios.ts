/** One merge request of the demonstration and its story. Times are hours ago. */
export interface Scenario {
  /** What it shows. */
  readonly about: string;
  readonly project: string;
  readonly author: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  /** The number of the Linear issue in the team SEC. */
  readonly issue?: number;
  readonly opened: number;
  readonly squash?: boolean;
  readonly pipeline?: 'failed';
  readonly commits?: readonly { readonly title: string; readonly author?: string; readonly committer?: string }[];
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly do: 'approve' | 'unapprove' | 'request_changes' | 'merge'; readonly by: string; readonly ago: number }
  | { readonly do: 'push'; readonly by: string; readonly ago: number; readonly title: string }
  | { readonly do: 'note'; readonly by: string; readonly ago: number; readonly body: string };

const day = 24;

/** Merge requests that are open and wait for somebody to press merge. */
export const openScenarios: readonly Scenario[] = [
  {
    about: 'Reviewed as it should be',
    project: 'acme/payments',
    author: 'aruiz',
    title: 'Check the audience of partner tokens',
    labels: ['security::high', 'backend'],
    reviewers: ['bchen', 'cdahl'],
    issue: 101,
    opened: 30,
    commits: [{ title: 'Reject tokens for other audiences' }, { title: 'Test tokens of both partners' }],
    steps: [
      { do: 'request_changes', by: 'bchen', ago: 27 },
      { do: 'note', by: 'bchen', ago: 27, body: 'Please cover the partner that sends a list of audiences.' },
      { do: 'push', by: 'aruiz', ago: 20, title: 'Accept a list of audiences' },
      { do: 'approve', by: 'bchen', ago: 6 },
      { do: 'approve', by: 'cdahl', ago: 5 },
    ],
  },
  {
    about: 'Approved, changed, and approved again',
    project: 'acme/identity',
    author: 'vpark',
    title: 'Rotate session signing keys every 30 days',
    labels: ['security::critical'],
    reviewers: ['dokafor', 'tnguyen'],
    issue: 102,
    opened: 52,
    steps: [
      { do: 'approve', by: 'dokafor', ago: 40 },
      { do: 'push', by: 'vpark', ago: 31, title: 'Keep the last key valid for a day' },
      { do: 'approve', by: 'dokafor', ago: 8 },
      { do: 'approve', by: 'tnguyen', ago: 7 },
    ],
  },
  {
    about: 'Nobody approved, and nothing stands in the way',
    project: 'acme/web',
    author: 'wbauer',
    title: 'Escape user names in the activity feed',
    labels: ['security::medium', 'frontend'],
    reviewers: ['fsilva'],
    issue: 103,
    opened: 18,
    steps: [{ do: 'note', by: 'fsilva', ago: 17, body: 'Looks good at a glance, I will test it tomorrow.' }],
  },
  {
    about: 'A title and an author that try to break out',
    project: 'acme/payments',
    author: 'xhost',
    title: `<img src=x onerror=alert(1)> =HYPERLINK("http://evil.example") *bold* <!channel> | ]]></td> \u202etxt.exe`,
    labels: ['security::payments'],
    reviewers: ['bchen', 'cdahl'],
    issue: 104,
    opened: 12,
    steps: [
      { do: 'approve', by: 'bchen', ago: 4 },
      { do: 'approve', by: 'cdahl', ago: 3 },
    ],
  },
  {
    about: 'Written by a bot, squashed',
    project: 'acme/platform/infra',
    author: 'renovate-bot',
    title: 'Pin base images by digest',
    labels: ['security::infra'],
    reviewers: ['jlarsen'],
    issue: 105,
    opened: 10,
    squash: true,
    steps: [{ do: 'approve', by: 'jlarsen', ago: 2 }],
  },
  {
    about: 'The approver has a commit of their own in it',
    project: 'acme/mobile',
    author: 'aruiz',
    title: 'Keep refresh tokens in the key chain',
    labels: ['security::low'],
    reviewers: ['hnovak', 'ibanerjee'],
    issue: 106,
    opened: 26,
    commits: [{ title: 'Move refresh tokens to the key chain' }, { title: 'Migrate old tokens', author: 'hnovak' }],
    steps: [{ do: 'approve', by: 'hnovak', ago: 9 }],
  },
  {
    about: 'Pushed to after the last approval, which stays',
    project: 'acme/mobile',
    author: 'vpark',
    title: 'Pin the certificate of the API',
    labels: ['security::mobile'],
    reviewers: ['ibanerjee'],
    issue: 107,
    opened: 33,
    steps: [
      { do: 'approve', by: 'ibanerjee', ago: 21 },
      { do: 'push', by: 'vpark', ago: 2, title: 'Add the backup pin' },
    ],
  },
  {
    about: 'No security label: of no concern, unless one is added later',
    project: 'acme/web',
    author: 'wbauer',
    title: 'Tune the colours of the settings page',
    labels: ['frontend'],
    reviewers: ['gkim'],
    opened: 6,
    steps: [{ do: 'approve', by: 'gkim', ago: 1 }],
  },
  {
    about: 'A draft',
    project: 'acme/identity',
    author: 'wbauer',
    title: 'Draft: Encrypt backups with customer keys',
    labels: ['security::high'],
    reviewers: ['emeyer'],
    issue: 108,
    opened: 5,
    steps: [],
  },
  {
    about: 'Its pipeline failed, and an approval is missing',
    project: 'acme/payments',
    author: 'vpark',
    title: 'Limit attempts to redeem vouchers',
    labels: ['security::medium'],
    reviewers: ['cdahl', 'npetrov'],
    opened: 4,
    pipeline: 'failed',
    steps: [{ do: 'approve', by: 'cdahl', ago: 2 }],
  },
];

/** Merge requests of the past weeks, which nobody has recorded. */
export const mergedScenarios: readonly Scenario[] = [
  past('acme/identity', 'aruiz', 'Refuse passwords that have leaked', 'security::high', ['dokafor', 'emeyer'], 91, 38),
  past('acme/payments', 'wbauer', 'Mask card numbers in traces', 'security::payments', ['bchen', 'cdahl'], 92, 29),
  past('acme/web', 'vpark', 'Set a strict content security policy', 'security::web', ['fsilva'], 93, 22),
  past('acme/platform/infra', 'renovate-bot', 'Update OpenSSL to 3.5.4', 'security::critical', ['kmori'], 94, 15),
  past('acme/mobile', 'aruiz', 'Clear the clipboard after pasting a code', 'security::low', ['ibanerjee'], 95, 9),
  past('acme/web', 'wbauer', 'Sign export links', 'security::medium', [], 96, 4),
];

function past(
  project: string,
  author: string,
  title: string,
  label: string,
  approvers: readonly string[],
  issue: number,
  daysAgo: number,
): Scenario {
  const merged = daysAgo * day;
  return {
    about: 'Merged before anybody kept records',
    project,
    author,
    title,
    labels: [label],
    reviewers: approvers.length > 0 ? approvers : ['gkim'],
    issue,
    opened: merged + 30,
    steps: [
      ...approvers.map((by, index) => ({ do: 'approve', by, ago: merged + 3 - index }) as const),
      { do: 'merge', by: 'mlund', ago: merged },
    ],
  };
}
