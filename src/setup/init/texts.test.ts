import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Draft } from './draft.ts';
import { envText } from './env-text.ts';
import { configText } from './texts.ts';

const schema = './docs/countersign.schema.json';
const draft = (sections: Draft['sections']): Draft => ({ sections, dropped: [], variables: {} });

test('a new file names its schema, keeps the comments of the template, and says what was answered', () => {
  const text = configText(null, draft({ gitlab: { url: 'https://gitlab.acme.example', groups: ['acme'] } }), schema);
  expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=${schema}`);
  expect(text).toContain('groups: [acme] # full paths, subgroups included');
  expect(parse(text)).toMatchObject({ gitlab: { url: 'https://gitlab.acme.example', groups: ['acme'], projects: [] } });
});

test('what somebody wrote stays, in its place and with its comments', () => {
  const before = `# ours\nslack:\n  fallback_channel: C0OLD # the old one\n\n# two of us\npolicy:\n  approvals: 2\n`;
  const text = configText(before, draft({ slack: { fallback_channel: 'C0NEW' } }), schema);
  expect(text).toBe(
    `# yaml-language-server: $schema=${schema}\n# ours\nslack:\n  fallback_channel: C0NEW # the old one\n\n# two of us\npolicy:\n  approvals: 2\n`,
  );
});

test('a key that is given up is taken out, and a section that was empty or absent is filled', () => {
  const before = 'confluence:\n  space: SEC\n  title: Audit\nfilter:\n';
  const text = configText(
    before,
    {
      sections: { confluence: { page_id: '7' }, filter: { labels: ['*::x'] }, linear: { completed_state: null } },
      dropped: ['confluence.space', 'confluence.title', 'slack.pods'],
      variables: {},
    },
    schema,
  );
  expect(parse(text)).toEqual({
    confluence: { page_id: '7' },
    filter: { labels: ['*::x'] },
    linear: { completed_state: null },
  });
});

test('whatever is answered, it is read back as it was answered', () => {
  const answer = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'binary' })));
  fc.assert(
    fc.property(answer, answer, (first, second) => {
      const once = configText(null, draft({ slack: { fallback_channel: first, pods: second } }), schema);
      const twice = configText(once, draft({ slack: { fallback_channel: second } }), schema);
      expect(parse(once)).toMatchObject({ slack: { fallback_channel: first, pods: second } });
      expect(parse(twice)).toMatchObject({ slack: { fallback_channel: second, pods: second } });
    }),
  );
});

const variables = (given: Draft['variables']): Draft => ({ sections: {}, dropped: [], variables: given });

test('.env keeps its other lines, and a variable that is exchanged its place', () => {
  const before = '# secrets\nexport GITLAB_TOKEN=old\nOTHER=1\nSLACK_BOT_TOKEN_FILE=/run/slack\n';
  const after = envText(before, variables({ GITLAB_TOKEN: 'new', SLACK_BOT_TOKEN: 'xoxb-1', LINEAR_API_KEY: null }));
  expect(after).toBe('# secrets\nGITLAB_TOKEN=new\nOTHER=1\nSLACK_BOT_TOKEN=xoxb-1\n');
});

test('a variable that stands twice is exchanged in both places', () => {
  const before = 'TOKEN=one\nOTHER=1\nexport TOKEN=two\nKEY_FILE=/run/a\nKEY=b\n';
  const text = envText(before, variables({ TOKEN: 'new', KEY: null }));
  expect(text).toBe('TOKEN=new\nOTHER=1\n');
});

test('a way in that is given up leaves .env', () => {
  const before = 'LINEAR_API_KEY=lin\nOTHER=1\n';
  expect(envText(before, variables({ LINEAR_API_KEY: null, LINEAR_CLIENT_ID: 'id' }))).toBe(
    'OTHER=1\nLINEAR_CLIENT_ID=id\n',
  );
});

test('a secret is read back as it was given, or is refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (secret) => {
      let read: string | undefined;
      try {
        read = parseEnv(envText('A=1\n', variables({ TOKEN: secret })))['TOKEN'];
      } catch {
        read = undefined;
      }
      const isWithin = ["'", '"', '`'].some((quote) => !secret.includes(quote));
      expect(read).toBe(isWithin ? secret : undefined);
    }),
  );
});

test('a section that nobody answered is left out of a new file: nothing of the template goes for an answer', () => {
  const text = configText(null, draft({ gitlab: { url: 'https://gitlab.acme.example' } }), schema);
  expect(Object.keys(parse(text) as object)).toEqual(['gitlab']);
  expect(text).not.toContain('acme.atlassian.net');
});

test('entries of a list that stay are left as they stand, with the comments on them and between', () => {
  const before = `gitlab:
  groups:
    # since 2023
    - acme # main
    - gone
    # the small one
    - two
  projects: # none yet
    - a/b
linear:
  teams:
    - key: SEC # ours
      audited_label: own
`;
  const sections = {
    gitlab: { groups: ['acme', 'two', 'three'], projects: [] },
    linear: { teams: [{ key: 'SEC', audited_label: 'own' }, { key: 'PAY' }] },
  };
  const text = configText(before, draft(sections), schema);
  expect(parse(text)).toEqual(sections);
  for (const kept of ['# since 2023', 'acme # main', '# the small one', '# none yet', 'SEC # ours']) {
    expect(text).toContain(kept);
  }
});
