// Plays the set-up in a terminal against the sandbox, and writes docs/images/set-up-*.png of what it shows:
//   node tools/with-node.js tools/pictures/set-up.ts
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { keys, openTerminal, type Terminal } from '../../test/support/terminal.ts';
import { drawScreen, type Screen } from './screen.ts';
import { terminalPage } from './terminal-page.ts';

const Address = z.object({ url: z.string() });
const Addresses = z.object({ gitlab: Address, linear: Address, confluence: Address, slack: Address });

const columns = 120;
const largest = 150_000;

const folder = await mkdtemp(join(tmpdir(), 'countersign-pictures-'));
const sandbox = await startSandbox({
  seed: 'demo',
  ports: { gitlab: 9101, linear: 9102, confluence: 9103, slack: 9104 },
});
const browser = await launchBrowser();
try {
  const { gitlab, linear, confluence, slack } = Addresses.parse(sandbox.configuration());
  // Without the secret of a hook, which init makes.
  const { GITLAB_SIGNING_TOKEN: _hook, ...environment } = sandbox.environment();
  const open = (args: readonly string[], more: Record<string, string> = {}): Terminal =>
    openTerminal(args, { cwd: folder, environment: more, size: { columns, rows: 50 } });

  const asked = ['--linear-url', linear.url, '--slack-url', slack.url];
  const init = open(['init', ...asked]);
  await init.answers('Where is your GitLab?', keys.clearLine + gitlab.url);
  await init.answers('The token', `${environment['GITLAB_TOKEN']}-cut`);
  await init.sees('Was it copied whole');
  await init.answers('The token', environment['GITLAB_TOKEN']);
  await init.sees('◆  Which groups are watched');
  init.types(`acme${keys.tab}`);
  await init.sees('◼ acme');
  await take('init', 'countersign init', init);
  init.interrupts();
  await init.ended;

  const auditPage = sandbox.confluence.pages().find(({ title }) => title.startsWith('Security review audit'))!.id;
  const answers = {
    '--gitlab-url': gitlab.url,
    '--gitlab-groups': 'acme',
    '--linear-way': 'key',
    '--confluence-url': confluence.url,
    '--confluence-space': 'SEC',
    '--confluence-page': auditPage,
    '--fallback-channel': 'C0SECURITY',
    '--public-url': 'http://127.0.0.1:8080',
  };
  const flags = [...Object.entries(answers).flat(), '--no-linear-make-label'];
  const written = open(['init', '--yes', ...asked, ...flags], environment);
  if ((await written.ended) !== 0) throw new Error(written.everything());

  const merged = mergeAfterALatePush(sandbox);
  const tried = open(['try', merged]);
  await tried.ended;
  await take('try', `countersign try ${merged}`, tried);

  // Broken as set-ups are: three names misspelt, and a page that is not there.
  const file = join(folder, 'countersign.yaml');
  const whole = await readFile(file, 'utf8');
  const broken = whole
    .replace(/ {2}teams: .*/, '  teams: [{ key: SCE }]')
    .replace('groups: [acme]', 'groups: [acme-security]')
    .replace('C0SECURITY', 'C0SECURTIY')
    .replace(`page_id: '${auditPage}'`, "page_id: '4711'");
  if (broken === whole) throw new Error('Nothing was broken');
  await writeFile(file, broken);
  const doctor = open(['doctor']);
  await doctor.ended;
  await take('doctor', 'countersign doctor', doctor);
} finally {
  await browser.close();
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
}

/** Two approvals, then one more commit that nobody looked at: what a list of approvals alone does not show. */
function mergeAfterALatePush({ gitlab, linear }: Sandbox): string {
  const at = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
  const { identifier } = linear.createIssue({
    team: 'SEC',
    title: 'Pin the certificate',
    state: 'In Review',
    createdAt: at(400),
  });
  const { project, iid, webUrl } = gitlab.createMergeRequest({
    project: 'acme/mobile',
    author: 'aruiz',
    title: 'Pin the certificate of the payment host',
    description: `Fixes ${identifier}`,
    labels: ['security::mobile'],
    reviewers: ['hnovak', 'ibanerjee'],
    at: at(300),
  });
  gitlab.approve({ project, iid, by: 'hnovak', at: at(60) });
  gitlab.approve({ project, iid, by: 'ibanerjee', at: at(50) });
  gitlab.push({ project, iid, by: 'aruiz', at: at(30) });
  gitlab.merge({ project, iid, by: 'mlund', at: at(20) });
  return webUrl;
}

async function take(name: string, title: string, terminal: Terminal): Promise<void> {
  const path = new URL(`../../docs/images/set-up-${name}.png`, import.meta.url).pathname;
  const page = await browser.newPage({ viewport: { width: 902, height: 200 }, deviceScaleFactor: 1.25 });
  await page.setContent(terminalPage(title, trimmed(drawScreen(terminal.raw(), columns))));
  await page.locator('figure').screenshot({ path });
  await page.close();
  const { size } = await stat(path);
  if (size > largest) throw new Error(`${path} has ${size} bytes, and may have ${largest}`);
  console.log(`${path}  ${size} bytes`);
}

function trimmed({ lines }: Screen): Screen['lines'] {
  const isBlank = (line: Screen['lines'][number]): boolean => line.every(({ text }) => text === ' ');
  const last = lines.findLastIndex((line) => !isBlank(line));
  return lines.slice(
    lines.findIndex((line) => !isBlank(line)),
    last + 1,
  );
}
