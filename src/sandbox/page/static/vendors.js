import { chip, el, foreign, show, time } from './build.js';

/** Draws Linear issues, those that changed last first. */
export function drawLinear(parent, { issues }) {
  show(
    parent,
    issues.map((issue) =>
      el(
        'article',
        { class: 'card' },
        el(
          'div',
          { class: 'card-head' },
          el('span', { class: 'reference' }, foreign(issue.identifier)),
          chip(issue.state.name, `state ${issue.state.type}`),
          issue.labels.map((name) => chip(name, name === 'audited' ? 'label audited' : 'label')),
          el('span', { class: 'space' }),
          el('span', { class: 'quiet' }, time(issue.updatedAt)),
        ),
        el('h3', {}, foreign(issue.title)),
        el(
          'ul',
          { class: 'links' },
          issue.attachments.map(({ title, subtitle, url }) =>
            el(
              'li',
              {},
              el('a', { href: url }, foreign(title)),
              subtitle ? el('span', { class: 'quiet' }, ' ', foreign(subtitle)) : '',
            ),
          ),
        ),
        issue.comments.map((body) => el('blockquote', {}, foreign(body))),
      ),
    ),
    issues.length === 0 && el('p', { class: 'empty' }, 'No issues.'),
  );
}

/** Draws the Confluence page in a frame that may do nothing, and its history beside it. */
export function drawConfluence(parent, { pages }, { chosen, choose }) {
  const page = pages.find(({ id }) => id === chosen) ?? pages[0];
  if (page === undefined) {
    show(parent, el('p', { class: 'empty' }, 'No pages.'));
    return;
  }
  const picker = el(
    'select',
    { 'aria-label': 'Page', onchange: (event) => choose(event.target.value) },
    pages.map(({ id, title }) => el('option', { value: id, selected: id === page.id }, title)),
  );
  const frame = el('iframe', { sandbox: '', title: page.title, src: page.previewUrl, class: 'sheet' });
  show(
    parent,
    el(
      'div',
      { class: 'row bar' },
      picker,
      el(
        'span',
        { class: 'quiet' },
        `version ${page.version} · `,
        time(page.updatedAt),
        page.message ? [' · ', foreign(page.message)] : '',
      ),
      el('span', { class: 'space' }),
      el('a', { href: page.webUrl }, 'Open'),
    ),
    frame,
  );
}

/** Draws the Slack channels that somebody has written in. */
export function drawSlack(parent, { channels }) {
  const used = channels.filter(({ messages }) => messages.length > 0);
  show(
    parent,
    used.map(({ name, id, messages }) =>
      el(
        'article',
        { class: 'card channel' },
        el(
          'div',
          { class: 'card-head' },
          el('strong', {}, '# ', foreign(name)),
          el('span', { class: 'quiet mono' }, ' ', id),
        ),
        messages.map(message),
      ),
    ),
    used.length === 0 && el('p', { class: 'empty' }, 'No messages.'),
  );
}

function message({ author, own, at, lines, edited, reply }) {
  return el(
    'div',
    { class: `message${own ? ' own' : ''}${reply ? ' reply' : ''}` },
    el(
      'div',
      {},
      el('strong', {}, foreign(author)),
      own && chip('app', 'app'),
      ' ',
      el('span', { class: 'quiet' }, time(at), edited ? ' (edited)' : ''),
    ),
    lines.map((parts) => el('p', {}, parts.map(part))),
  );
}

function part({ kind, text, url, who, id }) {
  if (kind === 'link') return el('a', { href: url }, foreign(text));
  if (kind === 'mention') return el('span', { class: 'mention' }, foreign(who.startsWith('@') ? who : `@${who}`));
  if (kind === 'channel') return el('span', { class: 'mention' }, foreign(`#${id}`));
  return foreign(text);
}
