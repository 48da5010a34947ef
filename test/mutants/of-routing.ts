import { at, type Mutant } from './mutant.ts';

const choosing = 'src/workflow/stages/choose-pod.test.ts';
const capture = 'src/workflow/stages/capture.test.ts';
const reading = 'src/connectors/gitlab/routing.test.ts';
const teams = 'src/connectors/linear/teams.test.ts';
const whole = 'test/routing.test.ts';

/** Routing: each change to its pod, each issue to its own team's end, and nothing decided by what was not shown. */
export const routingMutants: readonly Mutant[] = [
  {
    name: 'routing: an outage passes for a group without members',
    file: 'src/workflow/stages/choose-pod.ts',
    find: '(!late && isOutage(error.code))',
    replace: '(late && isOutage(error.code))',
    tests: [
      at(choosing, 'an outage is thrown'),
      at(capture, 'are waited for'),
      at(whole, 'while members cannot be had the change waits'),
    ],
  },
  {
    name: 'routing: a change whose files are not shown waits for a day',
    file: 'src/workflow/stages/capture.ts',
    find: 'const late = isOlder(parts, work, patienceForPartsMs);',
    replace: 'const late = isOlder(parts, work, patienceMs);',
    tests: [at(capture, 'are given up after an hour: the change goes on without the pod')],
  },
  {
    name: 'routing: what is hidden is not told',
    file: 'src/workflow/stages/capture.ts',
    find: 'const missing = places.flatMap(({ notShown }) => notShown);',
    replace: 'const missing = places.flatMap(({ notShown }) => notShown).slice(1);',
    tests: [at(whole, 'nobody in particular'), at(capture, 'are given up after an hour: the change goes on')],
  },
  {
    name: 'routing: GitLab is asked although nobody reviewed',
    file: 'src/workflow/stages/choose-pod.ts',
    find: 'if (reviewers.length > 0) for (',
    replace: 'for (',
    tests: [at(choosing, 'nothing is asked where an earlier pod needs no asking')],
  },
  {
    name: 'routing: inherited members of a group do not count',
    file: 'src/connectors/gitlab/routing.ts',
    find: '/members/all`',
    replace: '/members`',
    tests: [at(choosing, 'its own as well as an inherited one'), at(reading, 'members are read whole')],
  },
  {
    name: 'routing: who has yet to be let in counts as a member',
    file: 'src/connectors/gitlab/routing.ts',
    find: 'all.filter(({ isIn }) => isIn)',
    replace: 'all.filter(({ isIn }) => isIn || all.length > 0)',
    tests: [at(reading, 'without those who have yet to be let in')],
  },
  {
    name: 'routing: a renamed file has its new name alone',
    file: 'src/connectors/gitlab/routing.ts',
    find: '[old_path, new_path])',
    replace: '[new_path, old_path].slice(0, 1))',
    tests: [at(reading, 'a renamed one under both of its names')],
  },
  {
    name: 'routing: an issue of any team is the ticket',
    file: 'src/connectors/linear/find-tickets.ts',
    find: '.filter(({ team }) => teams.counts(team.key))',
    replace: '.filter(({ team }) => teams.counts(team.key) || team.key.length > 0)',
    tests: [
      at(teams, 'an issue of a team that does not count is no ticket, linked by an attachment'),
      at(teams, 'an issue that moved counts by the team that it is in now'),
      at(whole, 'an issue of a third team is left alone'),
    ],
  },
  {
    name: 'routing: an issue that left its team is closed all the same',
    file: 'src/connectors/linear/close-tickets.ts',
    find: 'if (!teams.counts(issue.team.key)) return',
    replace: 'if (!teams.counts(issue.team.key) && teams.keys.length === 0) return',
    tests: [at(teams, 'an issue whose team does not count is refused and left as it is')],
  },
  {
    name: 'routing: every team is closed in the way of all',
    file: 'src/connectors/linear/teams.ts',
    find: 'byKey.get(key.toUpperCase()) ?? usual',
    replace: 'byKey.get(`${key} `) ?? usual',
    tests: [
      at(teams, 'each team has its own state and label'),
      at(whole, 'each issue is closed in the way of its own'),
    ],
  },
  {
    name: 'routing: of several states of one name, any is taken',
    file: 'src/connectors/linear/team-settings.ts',
    find: 'one.position - other.position',
    replace: 'other.position - one.position',
    tests: [at(teams, 'of several completed states of one name, the first by position')],
  },
];
