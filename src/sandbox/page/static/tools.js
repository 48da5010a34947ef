import { chip, el, foreign, show, time } from './build.js';

const vendors = ['gitlab', 'linear', 'confluence', 'slack'];
const words = {
  refuse: 'refused',
  limit: 'rate limited, says when to come back',
  limit_bare: 'rate limited, in plain text',
  limit_text: 'rate limited, in plain text, says when',
  error_500: 'error 500',
  error_502: 'error 502',
  error_503: 'error 503',
  reset: 'connection reset before it happens',
  slow: 'slow',
  wrong_type: 'a proxy’s page instead of the answer',
  wrong_json: 'JSON of another shape',
  commit_then_reset: 'happens, then the connection is reset',
  commit_then_500: 'happens, then error 500',
  commit_then_silence: 'happens, then silence',
  commit_then_half: 'happens, then half an answer',
  commit_then_wrong_type: 'happens, then a proxy’s page',
};

/** Draws the newest calls, newest first. */
export function drawCalls(parent, calls, { vendor, writesOnly }) {
  const wanted = calls.filter((call) => (vendor === '' || call.vendor === vendor) && (!writesOnly || call.write));
  const rows = wanted
    .slice(-200)
    .toReversed()
    .map((call) =>
      el(
        'tr',
        { class: call.write ? 'write' : undefined },
        el('td', {}, time(call.at)),
        el('td', {}, el('span', { class: `dot ${call.vendor}` }), call.vendor),
        el('td', { class: 'mono' }, foreign(call.operation)),
        el(
          'td',
          {},
          chip(call.status === 0 ? 'none' : call.status, call.status >= 200 && call.status < 400 ? 'good' : 'bad'),
        ),
        el(
          'td',
          { class: 'quiet' },
          call.fault ? chip(words[call.fault] ?? call.fault, 'bad') : foreign(call.fact ?? ''),
        ),
      ),
    );
  const head = el(
    'tr',
    {},
    ['Time', 'Vendor', 'Call', 'Status', 'Rests on'].map((name) => el('th', { scope: 'col' }, name)),
  );
  show(
    parent,
    rows.length > 0
      ? el('table', {}, el('thead', {}, head), el('tbody', {}, rows))
      : el('p', { class: 'empty' }, 'Nobody has called yet.'),
  );
}

/** Draws the filters above the calls. */
export function drawCallTools(parent, filter, changed) {
  show(
    parent,
    el(
      'select',
      { 'aria-label': 'Vendor', onchange: (event) => changed({ ...filter, vendor: event.target.value }) },
      el('option', { value: '' }, 'All vendors'),
      vendors.map((name) => el('option', { value: name, selected: name === filter.vendor }, name)),
    ),
    el(
      'label',
      {},
      el('input', {
        type: 'checkbox',
        checked: filter.writesOnly,
        onchange: (event) => changed({ ...filter, writesOnly: event.target.checked }),
      }),
      ' writes only',
    ),
  );
}

/** Makes the form for faults once; returns what draws those that are active and the operations to choose from. */
export function createFaultForm(parent, kinds, { add, clear }) {
  const known = el('datalist', { id: 'operations' });
  const active = el('div', { class: 'active-faults' });
  const form = el(
    'form',
    {
      onsubmit: (event) => {
        event.preventDefault();
        const values = Object.fromEntries(new FormData(form));
        add({
          vendor: values.vendor,
          operation: values.operation,
          kind: values.kind,
          times: Number(values.times),
          ...(values.kind === 'slow' || values.kind.startsWith('limit')
            ? { delayMs: Number(values.seconds) * 1000 }
            : {}),
        });
      },
    },
    el(
      'label',
      {},
      'Vendor',
      el(
        'select',
        { name: 'vendor' },
        vendors.map((name) => el('option', { value: name }, name)),
      ),
    ),
    el(
      'label',
      {},
      'Call',
      el('input', { name: 'operation', list: 'operations', placeholder: 'any', autocomplete: 'off' }),
    ),
    el(
      'label',
      { class: 'whole' },
      'What happens',
      el(
        'select',
        { name: 'kind' },
        kinds.map((kind) => el('option', { value: kind }, words[kind] ?? kind)),
      ),
    ),
    el(
      'label',
      {},
      'Calls spoiled',
      el('input', { name: 'times', type: 'number', min: 1, max: 1000000, value: 1, required: true }),
    ),
    el(
      'label',
      {},
      'Seconds',
      el('input', { name: 'seconds', type: 'number', min: 0, max: 600, value: 5, required: true }),
    ),
    el(
      'div',
      { class: 'row whole' },
      el('button', { type: 'submit', class: 'primary' }, 'Add'),
      el('button', { type: 'button', onclick: clear }, 'Remove all'),
    ),
    known,
  );
  show(parent, form, active);

  return {
    draw(faults, operations) {
      show(
        known,
        operations.map((name) => el('option', { value: name })),
      );
      const rows = faults.map((fault) =>
        el(
          'li',
          {},
          el('span', { class: `dot ${fault.vendor}` }),
          el('span', { class: 'mono' }, foreign(fault.operation === '' ? 'any call' : fault.operation)),
          `: ${words[fault.kind] ?? fault.kind}, ${fault.times === 1 ? 'once' : `${fault.times} times`}`,
        ),
      );
      show(active, rows.length > 0 ? el('ul', {}, rows) : el('p', { class: 'empty' }, 'Everything works.'));
    },
  };
}
