import { at, type Mutant } from './mutant.ts';

const identities = 'src/connectors/gitlab/identities.test.ts';
const versions = 'src/connectors/gitlab/versions.test.ts';
const capture = 'src/workflow/stages/capture.test.ts';
const played = 'test/verdicts/independence.test.ts';

/** What is read from GitLab, whom its addresses are taken for, and when reading is given up. */
export const evidenceMutants: readonly Mutant[] = [
  {
    name: 'a private address of another host is one of ours',
    file: 'src/connectors/gitlab/identities.ts',
    find: 'if (userId === undefined || issuer !== host) return undefined;',
    replace: "if (userId === undefined || issuer === '' || host === '') return undefined;",
    tests: [at(identities, '12-aruiz@users.noreply.gitlab.com is no private commit address of this instance')],
  },
  {
    name: 'the addresses of replaced commits are looked for nowhere',
    file: 'src/connectors/gitlab/identities.ts',
    find: 'new Set(addressesOf([...commits, ...earlier]))',
    replace: 'new Set(addressesOf(earlier.length > 1000 ? earlier : commits))',
    tests: [at(identities, 'those whose commits were replaced are searched for too')],
  },
  {
    name: 'an author owns whatever address GraphQL shows',
    file: 'src/connectors/gitlab/commit-authors.ts',
    find: 'if (authorEmail !== null && authorEmail.toLowerCase() !== email) continue;',
    replace: 'if (authorEmail === undefined) continue;',
    tests: [at(identities, 'whose address is another')],
  },
  {
    name: 'an address may have two owners',
    file: 'src/connectors/gitlab/commit-authors.ts',
    find: 'userId === undefined || others.length > 0 ? []',
    replace: 'userId === undefined || others.length > 1000 ? []',
    tests: [at(identities, 'who would be two people')],
  },
  {
    name: 'whoever a search finds owns the address',
    file: 'src/connectors/gitlab/public-addresses.ts',
    find: 'users.filter((user) => ownsAddress(user, address))',
    replace: 'users.filter((user) => ownsAddress(user, address) || user.id > 0)',
    tests: [at(identities, 'the one account shows another')],
  },
  {
    name: 'an address need not be confirmed',
    file: 'src/connectors/gitlab/public-addresses.ts',
    find: 'return confirmed_at !== null && ',
    replace: 'return confirmed_at !== 0 && ',
    tests: [at(identities, 'has yet to confirm it')],
  },
  {
    name: 'the first of several owners is the one',
    file: 'src/connectors/gitlab/public-addresses.ts',
    find: 'owner === undefined || others.length > 0 || users.length >= perPage ? null',
    replace: 'owner === undefined || others.length > 1000 ? null',
    tests: [at(identities, 'the one account is not alone'), at(identities, 'may not be alone')],
  },
  {
    name: 'a trailer of a commit is an account',
    file: 'src/connectors/gitlab/public-addresses.ts',
    find: 'if (answer.status !== 200 || holdsCommits(answer)) continue;',
    replace: "if (answer.status !== 200 || (answer.name === '' && holdsCommits(answer))) continue;",
    tests: [at(identities, 'a trailer that poses as an account is not one')],
  },
  {
    name: 'an account that answers for another is taken for it',
    file: 'src/connectors/gitlab/account.ts',
    find: '.object({ ...shown, id: z.literal(userId), bot: flagOrNull })',
    replace: '.object({ ...shown, id: userId > 0 ? id : z.never(), bot: flagOrNull })',
    tests: [at('src/connectors/gitlab/people.test.ts', 'an answer about another account is not taken for this one')],
  },
  {
    name: 'commits that a push replaced are not read',
    file: 'src/connectors/gitlab/versions.ts',
    find: 'if (known.has(headSha)) continue;',
    replace: 'if (known.has(headSha) || id > 0) continue;',
    tests: [
      at(versions, 'reads the commits that a later push replaced'),
      at(played, 'an address that nobody knows, on a commit that was dropped since'),
    ],
  },
  {
    name: 'more versions than are read are no loss',
    file: 'src/connectors/gitlab/versions.ts',
    find: "if (value.length === mostVersions) return { reading: { ok: false, code: 'too_many', status: null }, answers };",
    replace: 'if (value.length === mostVersions) break;',
    tests: [at(versions, 'says of more than twenty that they are too many, and stops asking')],
  },
  {
    name: 'a change may be read for ever',
    file: 'src/connectors/gitlab/budget.ts',
    find: 'if (left > 0) return',
    replace: 'if (left > -Infinity) return',
    tests: [at('src/connectors/gitlab/budget.test.ts', 'not a single millisecond is left')],
  },
  {
    name: 'a late review is whatever came before',
    file: 'src/connectors/gitlab/late-reviews.ts',
    find: 'one.at !== null && one.at > after',
    replace: 'one.at !== null && one.at > after.slice(0, 0)',
    tests: [at('src/connectors/gitlab/late-reviews.sandbox.test.ts', 'whether GitLab says when it was or leaves that')],
  },
  {
    name: 'anybody’s word is taken for a late approval',
    file: 'src/connectors/gitlab/late-reviews.ts',
    find: '({ system, author, body }) => system && author?.id === userId',
    replace: '({ system, author, body }) => system !== null && author?.id === userId',
    tests: [at('src/connectors/gitlab/late-reviews.sandbox.test.ts', 'takes nobody’s word for an approval')],
  },
  {
    name: 'a comment need not begin with the prefix',
    file: 'src/connectors/gitlab/late-reviews.ts',
    find: 'body.trim().toLowerCase().startsWith(wanted)',
    replace: 'body.trim().toLowerCase().includes(wanted)',
    tests: [
      at('src/connectors/gitlab/late-reviews.sandbox.test.ts', 'reads comments that say so'),
      at('test/verdicts/emergency.test.ts', 'by somebody who says something else is none'),
    ],
  },
  {
    name: 'a part that is away is given up at once',
    file: 'src/workflow/stages/capture.ts',
    find: 'if (!isOlder(parts, work, patienceForPartsMs)) return { result };',
    replace: 'if (!isOlder(parts, work, 0)) return { result };',
    tests: [at(capture, 'is waited for, and nothing is kept meanwhile')],
  },
  {
    name: 'a part that is away is never given up',
    file: 'src/workflow/stages/capture.ts',
    find: 'const patienceForPartsMs = 3600 * 1000;',
    replace: 'const patienceForPartsMs = Infinity;',
    tests: [at(capture, 'is given up after an hour')],
  },
  {
    name: 'GitLab is given up with its parts',
    file: 'src/workflow/stages/capture.ts',
    find: 'return evidence.mergeRequest.ok ? captured(evidence) : { result };',
    replace: 'return captured(evidence);',
    tests: [at(capture, 'is waited for longer than a part of it')],
  },
  {
    name: 'a GitLab that is away is never given up',
    file: 'src/workflow/stages/capture.ts',
    find: 'const patienceMs = 24 * 3600 * 1000;',
    replace: 'const patienceMs = Infinity;',
    tests: [at(capture, 'is given up after a day'), at(capture, 'Linear')],
  },
  {
    name: 'what GitLab showed is forgotten while Linear is away',
    file: 'src/workflow/stages/capture.ts',
    find: 'if (one.fresh !== undefined) captured.push',
    replace: "if (one.fresh !== undefined && one.result.kind !== 'retry') captured.push",
    tests: [at(capture, 'what GitLab showed while Linear was away is kept')],
  },
];
