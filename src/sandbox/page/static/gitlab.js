import { chip, el, foreign, show, time } from './build.js';

const reviewSigns = {
  approved: '✓',
  unapproved: '↺',
  requested_changes: '✗',
  reviewed: '●',
  review_started: '…',
  unreviewed: '',
};

const reasons = {
  not_approved: 'Approvals are missing',
  requested_changes: 'A reviewer asks for changes',
  draft_status: 'It is a draft',
  ci_must_pass: 'The pipeline did not pass',
  ci_still_running: 'The pipeline is running',
  conflict: 'It has conflicts',
  discussions_not_resolved: 'Threads are open',
};

/** Draws the merge requests, open or merged. `act` runs an operation of GitLab. */
export function drawMergeRequests(parent, gitlab, { state, open, toggle, act }) {
  const wanted = gitlab.mergeRequests.filter((mr) =>
    state === 'open' ? mr.state === 'opened' : mr.state !== 'opened',
  );
  const cards = wanted.map((mr) => card(mr, gitlab, { isOpen: open.has(mr.id), toggle, act }));
  show(
    parent,
    cards.length > 0
      ? cards
      : el('p', { class: 'empty' }, state === 'open' ? 'Nothing waits to be merged.' : 'Nothing was merged yet.'),
  );
}

function card(mr, gitlab, { isOpen, toggle, act }) {
  const on = { project: mr.project, iid: mr.iid };
  return el(
    'article',
    { class: 'card' },
    el(
      'div',
      { class: 'card-head' },
      el('a', { class: 'reference', href: mr.webUrl }, foreign(`${mr.project}!${mr.iid}`)),
      el('span', { class: 'quiet' }, ' by ', foreign(mr.author)),
      el('span', { class: 'space' }),
      mr.state === 'opened'
        ? mergeButton(mr, on, act)
        : el(
            'span',
            { class: 'quiet' },
            mr.state,
            ' ',
            mr.mergedAt ? time(mr.mergedAt) : '',
            mr.mergedBy ? [' by ', foreign(mr.mergedBy)] : '',
          ),
    ),
    el('h3', {}, foreign(mr.title)),
    el(
      'div',
      { class: 'row' },
      mr.labels.map(({ title, color }) => chip(title, 'label', color)),
    ),
    el(
      'div',
      { class: 'row people' },
      mr.reviewers.map(({ username, name, state }) =>
        el(
          'span',
          { class: `person ${state}`, title: `${name}: ${state.replaceAll('_', ' ')}` },
          foreign(username),
          ' ',
          reviewSigns[state] ?? '',
        ),
      ),
      mr.approvals.by
        .filter((by) => !mr.reviewers.some(({ username }) => username === by))
        .map((by) =>
          el('span', { class: 'person approved', title: 'approved without being asked' }, foreign(by), ' ✓'),
        ),
      el('span', { class: 'quiet' }, approvalText(mr)),
      mr.pipeline ? el('span', { class: `quiet pipeline ${mr.pipeline}` }, `pipeline ${mr.pipeline}`) : undefined,
      el('span', { class: 'space' }),
      el(
        'button',
        { type: 'button', class: 'link', 'aria-expanded': String(isOpen), onclick: () => toggle(mr.id) },
        isOpen ? 'Less' : 'More',
      ),
    ),
    isOpen ? details(mr, on, gitlab, act) : undefined,
  );
}

function approvalText({ approvals }) {
  const count = approvals.by.length;
  const given = count === 0 ? 'no approval' : count === 1 ? '1 approval' : `${count} approvals`;
  return approvals.required > 0 ? `${given}, rules ask for ${approvals.required}` : `${given}, none required`;
}

function mergeButton(mr, on, act) {
  const reason = mr.mergeStatus === 'mergeable' ? undefined : (reasons[mr.mergeStatus] ?? mr.mergeStatus);
  const press = (anyway) => () => act('merge', anyway ? { ...on, anyway: true } : on);
  return reason === undefined
    ? el('button', { type: 'button', class: 'primary', onclick: press(false) }, 'Merge')
    : [
        el('span', { class: 'blocked' }, reason),
        el(
          'button',
          { type: 'button', onclick: press(true), title: 'As where rules were changed in time' },
          'Merge anyway',
        ),
      ];
}

function details(mr, on, gitlab, act) {
  const titles = [...new Set(gitlab.labels.map(({ title }) => title))];
  const missing = titles.filter((title) => !mr.labels.some((label) => label.title === title));
  const choose = (name, options, run) =>
    el(
      'select',
      {
        'aria-label': name,
        onchange: (event) => {
          const { value } = event.target;
          if (value !== '') run(value);
        },
      },
      el('option', { value: '' }, name),
      options.map((option) => el('option', { value: option }, option)),
    );
  return el(
    'div',
    { class: 'details' },
    el('p', { class: 'description' }, foreign(mr.description)),
    el(
      'p',
      { class: 'quiet mono' },
      `${mr.sourceBranch} → ${mr.targetBranch} · ${mr.sha.slice(0, 12)}`,
      mr.mergeCommitSha ? ` · merged as ${mr.mergeCommitSha.slice(0, 12)}` : '',
    ),
    el(
      'div',
      { class: 'row' },
      choose('Add a label', missing, (label) => act('addLabel', { ...on, label })),
      choose(
        'Remove a label',
        mr.labels.map(({ title }) => title),
        (label) => act('removeLabel', { ...on, label }),
      ),
      mr.state === 'opened' && [
        choose(
          'Approve as',
          gitlab.users.map(({ username }) => username),
          (by) => act('approve', { ...on, by }),
        ),
        choose('Withdraw approval of', mr.approvals.by, (by) => act('unapprove', { ...on, by })),
        el('button', { type: 'button', onclick: () => act('push', { ...on, by: mr.author }) }, 'Push a commit'),
      ],
    ),
  );
}

/** Draws the hooks and what was sent to each. */
export function drawHooks(parent, gitlab, act) {
  const hooks = gitlab.hooks.map((hook) =>
    el(
      'article',
      { class: 'card' },
      el(
        'div',
        { class: 'card-head' },
        el('strong', {}, foreign(hook.on)),
        el('span', { class: 'space' }),
        chip(hook.status.replaceAll('_', ' '), hook.status),
      ),
      el('p', { class: 'mono' }, foreign(hook.url)),
      hook.failures > 0 && el('p', { class: 'blocked' }, `${hook.failures} failures in a row`),
      el(
        'table',
        {},
        hook.deliveries.map((delivery) =>
          el(
            'tr',
            {},
            el('td', {}, time(delivery.at)),
            el('td', {}, delivery.trigger.replace(/_hooks$/, '').replaceAll('_', ' ')),
            el('td', {}, chip(delivery.status, /^[23]/.test(delivery.status) ? 'good' : 'bad')),
            el('td', { class: 'mono quiet' }, delivery.webhookId.slice(0, 8)),
            el(
              'td',
              {},
              el(
                'button',
                {
                  type: 'button',
                  class: 'link',
                  onclick: () => act('resendDelivery', { hook: hook.id, delivery: delivery.id }),
                },
                'Send again',
              ),
            ),
          ),
        ),
      ),
    ),
  );
  show(parent, hooks.length > 0 ? hooks : el('p', { class: 'empty' }, 'No webhook is set up: nobody hears of merges.'));
}
