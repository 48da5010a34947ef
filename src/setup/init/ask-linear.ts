import type { Json } from '@countersign/ledger';
import type { LinearAuth } from '../../connectors/linear/auth.ts';
import { createLinearInspector, type LinearInspector, type LinearTeam } from '../../connectors/linear/inspect.ts';
import { readable } from '../../domain/text.ts';
import type { Asker } from './asker.ts';
import { bad, checked, good } from './checking.ts';
import type { Draft, Known } from './draft.ts';

const usual = 'https://api.linear.app/graphql';
const first = 'first';

/** Asks with which credential issues are closed, of which teams, and how. */
export async function askLinear(asker: Asker, known: Known): Promise<Draft> {
  const url = known.text('linear.url') ?? usual;
  asker.explain('Linear', [
    'The issue of a merge request is completed here and gets a label.',
    '  a personal key   Settings, Account, Security & access, Personal API keys: it acts as its owner',
    '  an application   Settings, Administration, API, OAuth applications: with client credentials; issues then show',
    '                   Countersign as who closed them',
    '  scopes           read and write',
  ]);
  const way = await asker.choose({
    id: 'linear-way',
    ask: 'How does Countersign sign in to Linear?',
    options: [
      { value: 'application', label: 'as an application', hint: 'better to read in an issue’s history' },
      { value: 'key', label: 'with a personal key', hint: 'quicker' },
    ],
    initial: known.variable('LINEAR_API_KEY') === undefined ? 'application' : 'key',
  });
  const { inspector, variables } = way === 'key' ? await askKey(asker, url) : await askApplication(asker, known, url);
  const teams = await asker.during('Looking for teams', () => inspector.listTeams());
  const keys = await askTeams(asker, known, teams);
  const chosen = teams.filter(({ key }) => keys.includes(key));
  const state = await askState(asker, known, chosen.length === 0 ? teams : chosen);
  const label = await askLabel(asker, known, inspector);
  return {
    sections: {
      linear: {
        ...(url === usual ? {} : { url }),
        audited_label: label,
        completed_state: state,
        teams: keys.map((key) => entryOf(known, key)),
      },
    },
    dropped: [],
    variables,
  };
}

async function askKey(asker: Asker, url: string) {
  const { inspector, secret } = await asker.secret({
    id: 'linear-key',
    variable: 'LINEAR_API_KEY',
    ask: 'The key (lin_api_…)',
    check: (key) => checkCredential(url, { kind: 'api_key', key }, key),
  });
  return { inspector, variables: { LINEAR_API_KEY: secret, LINEAR_CLIENT_ID: null, LINEAR_CLIENT_SECRET: null } };
}

async function askApplication(asker: Asker, known: Known, url: string) {
  const clientId = await asker.text({
    id: 'linear-client-id',
    ask: 'The client id of the application',
    initial: known.variable('LINEAR_CLIENT_ID'),
    check: async (text) => (text.trim() === '' ? bad<string>('Copy it from the application') : good(text.trim())),
  });
  const { inspector, secret } = await asker.secret({
    id: 'linear-client-secret',
    variable: 'LINEAR_CLIENT_SECRET',
    ask: 'Its client secret',
    check: (clientSecret) => checkCredential(url, { kind: 'client_credentials', clientId, clientSecret }, clientSecret),
  });
  return {
    inspector,
    variables: { LINEAR_CLIENT_ID: clientId, LINEAR_CLIENT_SECRET: secret, LINEAR_API_KEY: null },
  };
}

function checkCredential(url: string, auth: LinearAuth, secret: string) {
  return checked(async () => {
    const inspector = createLinearInspector({ url, auth });
    const { kind, name, workspace, scopes } = await inspector.whoAmI();
    if (scopes !== null && !scopes.includes('write')) {
      return bad<{ inspector: LinearInspector; secret: string }>(
        'It may not write: give the application the scopes read and write',
      );
    }
    const who = kind === 'app' ? `the application ${readable(name, 60)}` : readable(name, 60);
    return good({ inspector, secret }, `you are ${who}, in the workspace ${readable(workspace.name, 60)}`);
  });
}

async function askTeams(asker: Asker, known: Known, teams: readonly LinearTeam[]): Promise<readonly string[]> {
  const before = known
    .records('linear.teams')
    .flatMap(({ key }) => (typeof key === 'string' ? [key.toUpperCase()] : []));
  const unseen = before.filter((key) => !teams.some((team) => team.key === key));
  return asker.chooseMany({
    id: 'linear-teams',
    ask: 'Issues of which teams are closed? (none: of all of them)',
    options: [
      ...teams.map(({ key, name, private: isPrivate }) => ({
        value: key,
        label: key,
        hint: `${readable(name, 60)}${isPrivate ? ', private' : ''}`,
      })),
      // Left out, an empty list would mean every team.
      ...unseen.map((key) => ({ value: key, label: key, hint: 'cannot be seen with this credential' })),
    ],
    initial: before,
  });
}

/** A team's entry as the file has it, with whatever else stands in it. */
function entryOf(known: Known, key: string): Json {
  const entry = known
    .records('linear.teams')
    .find((one) => typeof one['key'] === 'string' && one['key'].toUpperCase() === key);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a YAML file holds as plain values
  return entry === undefined ? { key } : (entry as Json);
}

// A name that all teams have can be chosen for all of them; a team of its own kind is for the file.
async function askState(asker: Asker, known: Known, teams: readonly LinearTeam[]): Promise<string | null> {
  const without = teams.filter(({ completedStates }) => completedStates.length === 0);
  for (const { key } of without) asker.warn(`The team ${key} has no completed state: its issues cannot be closed`);
  const shared = (teams[0]?.completedStates ?? []).filter((name) =>
    teams.every(({ completedStates }) => completedStates.includes(name)),
  );
  const several = teams.some(({ completedStates }) => completedStates.length > 1);
  const before = known.text('linear.completed_state');
  if (!several && before === undefined) return null;
  const others = before === undefined || shared.includes(before) ? [] : [before];
  const state = await asker.choose({
    id: 'linear-state',
    ask: 'To which state are issues moved?',
    options: [
      { value: first, label: 'the first completed state of each team' },
      ...shared.map((name) => ({ value: name, label: readable(name, 60) })),
      ...others.map((name) => ({ value: name, label: readable(name, 60), hint: 'not every team here has it' })),
    ],
    initial: before ?? first,
  });
  return state === first ? null : state;
}

async function askLabel(asker: Asker, known: Known, inspector: LinearInspector): Promise<string> {
  const { name, isThere } = await asker.text({
    id: 'audited-label',
    ask: 'Which label do closed issues get?',
    initial: known.text('linear.audited_label') ?? 'audited',
    check: (text) => checked(() => checkLabel(inspector, text.trim())),
  });
  if (isThere) return name;
  const make = await asker.confirm({
    id: 'linear-make-label',
    ask: `There is no label ${readable(name, 60)} yet. Make it now? (otherwise it is made with the first issue)`,
    initial: true,
  });
  if (make) {
    await asker.during('Making the label', () => inspector.createLabel(name));
    asker.made(`the label ${name} in Linear`);
  }
  return name;
}

async function checkLabel(inspector: LinearInspector, name: string) {
  if (name === '') return bad<{ name: string; isThere: boolean }>('Give it a name, such as audited');
  const found = await inspector.findLabels(name);
  const usable = found.filter(({ unusable }) => unusable === null);
  if (found.length > 0 && usable.length === 0) {
    const [{ unusable } = { unusable: null }] = found;
    const why = unusable === 'group' ? 'is a group of labels' : 'is retired, or stands in a group of labels';
    return bad<{ name: string; isThere: boolean }>(
      `${readable(name, 60)} ${why}, and cannot be put on issues so. Take another`,
    );
  }
  return good({ name, isThere: usable.length > 0 });
}
