import { el, show, tabs } from './build.js';
import { drawHooks, drawMergeRequests } from './gitlab.js';
import { createFaultForm, drawCalls, drawCallTools } from './tools.js';
import { drawConfluence, drawLinear, drawSlack } from './vendors.js';

const at = (id) => document.getElementById(id);
const everyMs = 1000;
const keptCalls = 1000;

const view = {
  gitlabTab: 'open',
  effectTab: 'confluence',
  page: undefined,
  open: new Set(),
  filter: { vendor: '', writesOnly: false },
};
const drawn = new Map();
let state;
let etag;
let calls = [];
let lastCall = 0;
let faultForm;

async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error?.message ?? `Error ${response.status}`);
  return answer;
}

/** Runs something a person asked for, says what went wrong, and shows the outcome at once. */
async function perform(run) {
  try {
    await run();
    notify();
  } catch (error) {
    notify(error.message);
  }
  await refresh();
}

const act = (operation, input) =>
  perform(() =>
    call(
      'POST',
      `/api/gitlab/${operation}`,
      needsActor(operation, input) ? { by: at('actor').value, ...input } : input,
    ),
  );

function needsActor(operation) {
  return operation !== 'resendDelivery';
}

function notify(text) {
  const notice = at('notice');
  notice.hidden = text === undefined;
  notice.textContent = text ?? '';
}

async function refresh() {
  try {
    const response = await fetch('/api/state', etag === undefined ? {} : { headers: { 'if-none-match': etag } });
    if (response.status === 200) {
      etag = response.headers.get('etag') ?? undefined;
      state = await response.json();
    }
    const news = await call('GET', `/api/calls?since=${lastCall}`);
    if (news.last < lastCall) calls = [];
    if (news.calls.length > 0) calls = [...calls, ...news.calls].slice(-keptCalls);
    lastCall = news.calls.at(-1)?.seq ?? news.last;
    setLive(true);
    draw();
  } catch {
    setLive(false);
  }
}

function setLive(isLive) {
  at('live').textContent = isLive ? 'live' : 'not reachable';
  at('live').classList.toggle('off', !isLive);
}

/** Draws a part only where what it shows has changed, so that nothing moves under the pointer. */
function part(name, shown, drawIt) {
  const key = JSON.stringify(shown);
  if (drawn.get(name) === key) return;
  drawn.set(name, key);
  drawIt();
}

function draw() {
  if (state === undefined) return;
  const { gitlab, linear, confluence, slack, faults } = state;
  const opened = gitlab.mergeRequests.filter((mr) => mr.state === 'opened').length;

  part('instance', [gitlab.tier, gitlab.version], () => {
    at('instance').textContent =
      `GitLab ${gitlab.version} (${gitlab.tier}), Linear, Confluence and Slack, all fake, all on this machine`;
  });
  part('actor', gitlab.users, () => drawActors(gitlab.users));
  part('gitlab tabs', [view.gitlabTab, opened, gitlab.mergeRequestCount, gitlab.hooks.length], () =>
    tabs(
      at('gitlab-tabs'),
      [
        ['open', `Open ${opened}`],
        ['merged', `Merged ${gitlab.mergeRequestCount - opened}`],
        ['hooks', `Webhooks ${gitlab.hooks.length}`],
      ],
      view.gitlabTab,
      (name) => change({ gitlabTab: name }),
    ),
  );
  part(
    'gitlab',
    [view.gitlabTab, [...view.open], view.gitlabTab === 'hooks' ? gitlab.hooks : gitlab.mergeRequests],
    () => {
      if (view.gitlabTab === 'hooks') drawHooks(at('gitlab'), gitlab, act);
      else drawMergeRequests(at('gitlab'), gitlab, { state: view.gitlabTab, open: view.open, toggle, act });
    },
  );
  part('effect tabs', [view.effectTab, linear.issues.length], () =>
    tabs(
      at('effect-tabs'),
      [
        ['linear', 'Linear'],
        ['confluence', 'Confluence'],
        ['slack', 'Slack'],
      ],
      view.effectTab,
      (name) => change({ effectTab: name }),
    ),
  );
  part('effects', [view.effectTab, view.page, state[view.effectTab]], () => {
    const body = at('effects');
    if (view.effectTab === 'linear') drawLinear(body, linear);
    if (view.effectTab === 'confluence')
      drawConfluence(body, confluence, { chosen: view.page, choose: (page) => change({ page }) });
    if (view.effectTab === 'slack') drawSlack(body, slack);
  });
  part('call tools', view.filter, () => drawCallTools(at('call-tools'), view.filter, (filter) => change({ filter })));
  part('calls', [view.filter, lastCall], () => drawCalls(at('calls'), calls, view.filter));
  faultForm ??= createFaultForm(at('faults'), faults.kinds, {
    add: (fault) => perform(() => call('POST', '/api/faults', fault)),
    clear: () => perform(() => call('DELETE', '/api/faults')),
  });
  const operations = [...new Set(calls.map(({ operation }) => operation))].toSorted((left, right) =>
    left.localeCompare(right),
  );
  part('faults', [faults.active, operations], () => faultForm.draw(faults.active, operations));
}

function drawActors(users) {
  const actor = at('actor');
  const before = actor.value || 'mlund';
  show(
    actor,
    users.map(({ username }) => el('option', { value: username, selected: username === before }, username)),
  );
}

function change(what) {
  Object.assign(view, what);
  draw();
}

function toggle(id) {
  if (!view.open.delete(id)) view.open.add(id);
  draw();
}

// Starting over asks once more, in place.
at('reset').addEventListener('click', (event) => {
  const button = event.currentTarget;
  if (button.dataset.sure !== 'yes') {
    button.dataset.sure = 'yes';
    button.textContent = 'Really start over?';
    setTimeout(() => {
      button.dataset.sure = '';
      button.textContent = 'Start over';
    }, 4000);
    return;
  }
  button.dataset.sure = '';
  button.textContent = 'Start over';
  void perform(() => call('POST', '/api/reset', {}));
});

async function live() {
  if (!document.hidden) await refresh();
  setTimeout(live, everyMs);
}

void live();
