import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { intro, log, outro } from '@clack/prompts';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { dotenvBeside, withDotenv } from '../../config/dotenv.ts';
import { environmentOf } from '../../config/environment.ts';
import { givenPage } from '../../setup/init/ask-confluence.ts';
import type { Pod } from '../../setup/init/ask-slack.ts';
import { changedMeanwhile, type Texts } from '../../setup/init/changed-meanwhile.ts';
import { listOf } from '../../setup/init/checking.ts';
import { withoutVariables } from '../../setup/init/draft.ts';
import { askParts, initParts, type InitPart } from '../../setup/init/init.ts';
import { knownOf } from '../../setup/init/known.ts';
import { probePlace, saveFiles } from '../../setup/init/save.ts';
import { envText } from '../../setup/init/env-text.ts';
import { configText } from '../../setup/init/texts.ts';
import { CommandError } from '../errors.ts';
import { problemsOf, refuseObstacles, schemaFrom, textOf, valueOf } from '../init/files.ts';
import { givenAnswers } from '../init/given-answers.ts';
import { createSilentAsker } from '../init/silent-asker.ts';
import { createTerminalAsker } from '../init/terminal-asker.ts';
import { print, printError } from '../print.ts';
import { line } from '../terminal-text.ts';

interface InitOptions {
  readonly linearUrl?: string;
  readonly slackUrl?: string;
  readonly confluencePage?: string;
  readonly config: string;
  readonly only?: readonly InitPart[];
  readonly yes?: boolean;
  readonly secrets: boolean;
  readonly newAddress?: boolean;
  readonly pod: readonly Pod[];
}

/** `countersign init`: asks, checks each answer at once, and writes `countersign.yaml` and `.env`. */
export function addInit(program: Command): void {
  const command = program
    .command('init')
    .description('set it up: asks, checks every answer at once, and writes countersign.yaml and .env')
    .option('-c, --config <file>', 'the configuration', 'countersign.yaml')
    .addOption(new Option('--only <part...>', 'go through these parts again').choices([...initParts]))
    .option(
      '--pod <name=channel=labels>',
      'a pod, its channel and its labels, with commas; may be repeated',
      collectPod,
      [],
    )
    .option('--no-secrets', 'leave secrets that the environment holds out of .env')
    .option('--new-address', 'send secrets that are set to a host that the file does not name yet')
    .option('-y, --yes', 'ask nothing: take answers from flags, secrets from the environment or .env');
  for (const [flag, about] of flags) command.option(flag, about);
  command.action(
    async ({ config: path, only, yes, secrets, pod, linearUrl, slackUrl, newAddress, ...answers }: InitOptions) => {
      const silent = yes === true;
      if (!silent && !(process.stdin.isTTY && process.stdout.isTTY)) {
        throw new CommandError(
          'Nobody can be asked here: this is no terminal. Give the answers as flags, and --yes',
          2,
        );
      }
      const env = dotenvBeside(path);
      // What cannot be written in the end is told before anything is asked, or made at a vendor.
      probePlace(env, 0o600);
      probePlace(path, 0o644);
      const before = { config: textOf(path), env: textOf(env) };
      const readFile = (name: string): string => readFileSync(name, 'utf8');
      const own = environmentOf();
      const environment = withDotenv(own, before.env ?? '');
      const known = knownOf(valueOf(path, before.config), environment, readFile, {
        [givenPage]: answers.confluencePage,
        'linear.url': linearUrl,
        'slack.url': slackUrl,
      });
      // A flag that can only say no stands as yes until somebody says it.
      const said = Object.entries(answers).filter(([name]) => command.getOptionValueSource(name) === 'cli');
      const given = givenAnswers(Object.fromEntries(said), (name) => known.variable(name), newAddress === true);
      const made: string[] = [];
      const note = (what: string): void => void made.push(what);
      const asker = silent ? createSilentAsker(given, note) : createTerminalAsker(given, note);
      const tellMade = (): void => {
        if (made.length > 0) printError(`Made before it stopped, and still there: ${made.map(line).join('; ')}.`);
      };
      // However it ends: by an error, by Ctrl-C, by whoever says no at the last question.
      process.once('exit', tellMade);

      if (!silent) intro(before.config === null ? 'Set Countersign up' : `Change ${path}`);
      // Without a file there is nothing that the other parts could be left as.
      const parts = before.config === null ? initParts : (only ?? (silent ? initParts : await chooseParts(asker)));
      refuseObstacles(path, before.config, parts);
      const draft = withoutVariables(
        await askParts(asker, known, parts, { random: randomBytes, pods: pod }),
        (name, value) => {
          if (value !== known.variable(name)) return false;
          // What a file of its own holds needs no copy; nor what the environment does, for whoever says so.
          return (environment[`${name}_FILE`] ?? '') !== '' || (!secrets && (own[name] ?? '') !== '');
        },
      );
      const withAnswers = (texts: Texts) => ({
        config: configText(texts.config, draft, schemaFrom(path)),
        env: envText(texts.env, draft),
      });
      const hasSecrets = withAnswers(before).env.trim() !== '';
      if (!silent) {
        for (const problem of problemsOf(path, env, withAnswers(before))) log.warn(problem);
        const ask = `Write ${path}${hasSecrets ? ` and ${env}` : ''}?`;
        if (!(await asker.confirm({ id: 'write', ask, initial: true })))
          throw new CommandError('Stopped. Nothing was written.', 1);
      }
      // What somebody added in the meantime stays: the answers go into the files as they are now.
      const now = { config: textOf(path), env: textOf(env) };
      valueOf(path, now.config);
      refuseObstacles(path, now.config, parts);
      const clashes = changedMeanwhile(before, now, draft);
      if (clashes.length > 0) {
        const what = `${clashes.join(', ')} changed in ${path} or ${env} while you answered`;
        throw new CommandError(`${what}. Look at it, and run init again. Nothing was written.`, 1);
      }
      const texts = withAnswers(now);
      const problems = problemsOf(path, env, texts);
      const envFile = texts.env.trim() === '' ? [] : [{ path: env, text: texts.env, mode: 0o600 }];
      saveFiles([...envFile, { path, text: texts.config, mode: 0o644 }]);
      process.off('exit', tellMade);
      if (silent) for (const problem of problems) print(problem);
      const wrote = envFile.length === 0 ? path : `${path} and ${env} (never commit the latter)`;
      const next = `Wrote ${wrote}.\nNext: countersign doctor, countersign try <merge request>, countersign serve, and countersign enable`;
      if (silent) print(next);
      else outro(next);
      if (problems.length > 0) process.exitCode = 1;
    },
  );
}

// Each answers the question of its name; the help says what it takes.
const flags: readonly (readonly [string, string])[] = [
  ['--gitlab-url <address>', 'address of GitLab'],
  ['--gitlab-groups <paths>', 'groups to watch, with commas'],
  ['--gitlab-projects <paths>', 'projects to watch, with commas'],
  ['--labels <patterns>', 'labels in scope, with commas'],
  ['--linear-url <address>', 'address of Linear’s API, where it is another'],
  ['--linear-way <way>', 'application or key'],
  ['--linear-client-id <id>', 'of the OAuth application'],
  ['--linear-teams <keys>', 'teams whose issues are closed, with commas'],
  ['--linear-state <name>', 'the state that issues are moved to, or first'],
  ['--audited-label <name>', 'the label that closed issues get'],
  ['--no-linear-make-label', 'leave making the label to the first issue'],
  ['--confluence-url <address>', 'address of Confluence'],
  ['--confluence-email <address>', 'whose token it is, on Cloud'],
  ['--confluence-space <key>', 'the space of the audit page'],
  ['--confluence-page <id>', 'the number of the audit page'],
  ['--confluence-title <title>', 'the title of a new audit page'],
  ['--no-confluence-make-page', 'leave making the page to the first row'],
  ['--slack-url <address>', 'address of Slack’s API, where it is another'],
  ['--fallback-channel <id>', 'the channel for changes of no pod'],
  ['--summary-model <model>', 'provider/model'],
  ['--public-url <address>', 'where others reach Countersign'],
  ['--listen <host:port>', 'where it listens'],
];

function collectPod(text: string, before: readonly Pod[]): readonly Pod[] {
  const [name = '', channel = '', labels = ''] = text.split('=').map((part) => part.trim());
  const list = listOf(labels);
  if (name !== '' && channel !== '' && list.length > 0) return [...before, { name, channel, labels: list }];
  throw new InvalidArgumentError('Write it as in --pod payments=C0PAYMENTS=security::payments,pci');
}

async function chooseParts(asker: ReturnType<typeof createTerminalAsker>): Promise<readonly InitPart[]> {
  const chosen = await asker.chooseMany({
    id: 'parts',
    ask: 'Which parts do you go through again?',
    options: initParts.map((part) => ({ value: part, label: part })),
    initial: [],
    needed: true,
  });
  return initParts.filter((part) => chosen.includes(part));
}
