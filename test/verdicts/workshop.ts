import { afterAll, beforeAll } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { policyOf } from '../../src/config/policy.ts';
import { createGitLab } from '../../src/connectors/gitlab/client.ts';
import { createLinear } from '../../src/connectors/linear/client.ts';
import { createSlack } from '../../src/connectors/slack/client.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { openKeeper } from '../../src/storage/open-keeper.ts';
import { rulebookOf } from '../../src/workflow/judge-records.ts';
import { primitives } from '../../src/workflow/primitives.ts';
import { quiet } from '../support/quiet.ts';
import type { WorldOptions } from '../support/service.ts';
import type { Stage } from './stage.ts';

export type Workshop = Awaited<ReturnType<typeof open>>;

/** Sets up the parts of a stage's service beside it, for what a test does itself at a moment of its own choosing. */
export function setWorkshop(stage: Stage, options: Pick<WorldOptions, 'configuration'> = {}): () => Workshop {
  let workshop: Workshop | undefined;
  beforeAll(async () => {
    workshop = await open(stage, options);
  });
  afterAll(() => workshop?.database.close());
  return () => {
    if (workshop === undefined) throw new Error('The workshop opens once the tests run');
    return workshop;
  };
}

async function open({ world }: Stage, { configuration = {} }: Pick<WorldOptions, 'configuration'>) {
  const { sandbox, databaseUrl } = world;
  const sections = Object.entries({ ...sandbox.configuration(), ...configuration });
  const path = 'countersign.yaml';
  const config = loadConfig({
    path,
    environment: sandbox.environment(),
    readFile: (name) => (name === path ? JSON.stringify(Object.fromEntries(sections)) : ''),
  });
  const { gitlab, linear, slack } = config;
  if (linear.auth.kind !== 'api_key') throw new Error('The sandbox gives an API key');
  const database: Database = await openDatabase({ connection: { connectionString: databaseUrl }, log: quiet, max: 2 });
  return {
    database,
    rulebook: rulebookOf(policyOf(config), 'countersign/test'),
    // The service's own key: two keepers of one log would be one too many.
    keeper: await openKeeper(database.db, primitives, {
      pem: null,
      nextPem: null,
      dataFolder: world.dataFolder,
      origin: config.ledger.origin,
    }),
    // Nothing is remembered from one test to the next, as it is not from one five minutes to the next.
    get gitlab() {
      return createGitLab({ url: gitlab.url, token: gitlab.token.reveal() });
    },
    linear: createLinear({
      url: linear.url,
      auth: { kind: 'api_key', key: linear.auth.key.reveal() },
      auditedLabel: linear.auditedLabel,
    }),
    slack: createSlack({ url: slack.url, token: slack.token.reveal() }),
    pods: slack.pods,
    fallbackChannel: slack.fallbackChannel,
    log: quiet,
    calm: async () => undefined,
  };
}
