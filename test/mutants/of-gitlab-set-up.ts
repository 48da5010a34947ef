import { at, type Mutant } from './mutant.ts';

const inspect = 'src/connectors/gitlab/inspect.sandbox.test.ts';
const enable = 'src/setup/enable-hook.test.ts';
const doctor = 'src/setup/doctor/gitlab.test.ts';
const hook = 'src/setup/doctor/gitlab-hook.test.ts';

/** Setting GitLab up: one hook that is right, no secret shown, no outage taken for a finding. */
export const gitlabSetUpMutants: readonly Mutant[] = [
  {
    name: 'hooks of GitLab are made without looking for those that are there',
    file: 'src/setup/enable-hook.ts',
    find: 'sameAddress(url, parts.address)',
    replace: "url === ''",
    tests: [
      at(enable, 'a second run changes nothing'),
      at(enable, 'an outage is thrown, and the next run goes on where this one ended'),
    ],
  },
  {
    name: 'hooks of GitLab are updated though nothing is wrong with them',
    file: 'src/setup/enable-hook.ts',
    find: "if (!faults.some((fault) => settingFaults.has(fault))) return { hook, outcome: 'unchanged', isOurs: false };",
    replace: '',
    tests: [at(enable, 'a second run changes nothing')],
  },
  {
    name: 'a hook of GitLab that has another secret keeps it',
    file: 'src/setup/enable-hook.ts',
    find: 'if (isOurs || !isAboutSecret(test)) return { outcome, test };',
    replace: 'if (isOurs || isOurs === false) return { outcome, test };',
    tests: [at(enable, 'so is one whose secret the service does not know')],
  },
  {
    name: 'a made secret goes to the first hook of GitLab alone',
    file: 'src/setup/hook-secret.ts',
    find: 'isNew: () => made() !== null,',
    replace: 'isNew: () => made() !== null && !isKept,',
    tests: [at(enable, 'a made secret goes to every hook that is there')],
  },
  {
    name: 'a GitLab that does not sign is left without a secret',
    file: 'src/setup/hook-secret.ts',
    find: 'if (offered && hook.hasSigningToken !== true) serverSigns = false;',
    replace: '',
    tests: [at(enable, 'a server that does not sign gets a plain token')],
  },
  {
    name: 'a made secret can be printed',
    file: 'src/setup/hook-secret.ts',
    find: "{ variable: 'GITLAB_SIGNING_TOKEN', value: signing }",
    replace: "{ variable: 'GITLAB_SIGNING_TOKEN', value: signing, text: signing.reveal() } as NewSecret",
    tests: [at(enable, 'shown to nobody')],
  },
  {
    name: 'hooks of GitLab hear of pushes as well',
    file: 'src/connectors/gitlab/hooks.ts',
    find: '...Object.fromEntries(eventsOff.map((event) => [event, false])),',
    replace: '',
    tests: [at(enable, 'a group gets one hook'), at(enable, 'there are too many events')],
  },
  {
    name: 'on Free, hooks are made for the projects of the group itself alone',
    file: 'src/connectors/gitlab/hooks.ts',
    find: 'include_subgroups=true',
    replace: 'include_subgroups=false',
    tests: [at(enable, 'on Free every project of the group gets its own hook')],
  },
  {
    name: 'disabling removes the hooks of others',
    file: 'src/setup/enable-hook.ts',
    find: 'one.hooks.filter(({ url }) => sameAddress(url, address))',
    replace: 'one.hooks',
    tests: [at(enable, 'removes it and no other')],
  },
  {
    name: 'disabling removes what nobody asked to have removed',
    file: 'src/setup/enable-hook.ts',
    find: 'if (options.remove === true) await',
    replace: 'if (options.remove !== false) await',
    tests: [at(enable, 'disabling names the hook and leaves it')],
  },
  {
    name: 'an outage of GitLab means that settings may not be read',
    file: 'src/connectors/gitlab/inspect.ts',
    find: 'if (come.status === 200 || also.includes(come.status)) return come;',
    replace: 'if (come.status >= 200) return come;',
    tests: [at(inspect, 'an outage is never a finding')],
  },
  {
    name: 'a project that moved in GitLab is called hidden',
    file: 'src/connectors/gitlab/inspect.ts',
    find: 'if (answer.status !== 301) return null;',
    replace: 'if (answer.status !== 200) return null;',
    tests: [at(inspect, 'what moved is found under its new path'), at(doctor, 'were renamed')],
  },
  {
    name: 'an outage of GitLab halfway spoils the whole diagnosis',
    file: 'src/setup/doctor/gitlab.ts',
    find: 'attempt(checkLabels(inspector, seen, labels))',
    replace: 'checkLabels(inspector, seen, labels).then((value) => ({ ok: true as const, value }))',
    tests: [at(doctor, 'not blamed for an outage halfway')],
  },
  {
    name: 'hooks of GitLab that may not be looked at are called missing',
    file: 'src/setup/doctor/gitlab-hook.ts',
    find: "return { kind: above.allSeen ? 'missing' : 'unseen' };",
    replace: "return { kind: 'missing' };",
    tests: [at(hook, 'is not taken for missing')],
  },
  {
    name: 'how the last event of a hook of GitLab was answered is not looked at',
    file: 'src/setup/doctor/gitlab-hook.ts',
    find: "return refused === null ? { kind: 'right' }",
    replace: "return refused === null || refused.id !== '' ? { kind: 'right' }",
    tests: [at(hook, 'had its last event answered with 401')],
  },
  {
    name: 'a guest is taken for somebody who may read merge requests of a group',
    file: 'src/setup/doctor/gitlab-places.ts',
    find: 'place.level < reporter',
    replace: 'place.level < 10',
    tests: [at(doctor, 'show no merge requests to a guest')],
  },
  {
    name: 'a hook of GitLab without a signing token passes',
    file: 'src/setup/hook-faults.ts',
    find: 'known.signing && hook.hasSigningToken === false',
    replace: 'known.signing && hook.hasSigningToken === true && hook.hasToken === true',
    tests: [
      at(hook, 'has no signing token'),
      at(enable, 'a hook without a secret gets ours where nothing can be tested'),
    ],
  },
];
