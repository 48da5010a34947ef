import { element, find } from './elements.ts';
import { type Answer } from './messages.ts';
import { headline, showOutcome } from './show-outcome.ts';
import { startWorker } from './start-worker.ts';
import { whatIsMissing } from './what-is-missing.ts';

const form = find('form', HTMLFormElement);
const fields = find('fields', HTMLFieldSetElement);
const pack = find('pack', HTMLInputElement);
const inputs = { keys: find('keys', HTMLTextAreaElement), since: find('since', HTMLTextAreaElement) };
const errors = { keys: find('keys-error', HTMLElement), since: find('since-error', HTMLElement) };
const verifyButton = find('verify', HTMLButtonElement);
const running = find('running', HTMLElement);
const cancelButton = find('cancel', HTMLButtonElement);
const bar = find('bar', HTMLProgressElement);
const soFar = find('so-far', HTMLElement);
const status = find('status', HTMLElement);
const result = find('result', HTMLElement);

let worker: Worker | undefined;

function start(file: File): void {
  stop();
  clear();
  status.textContent = 'Verifying…';
  bar.removeAttribute('value');
  soFar.textContent = '';
  fields.disabled = true;
  running.hidden = false;
  cancelButton.focus();
  worker = startWorker();
  worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => hear(data, file.name));
  worker.addEventListener('error', ({ message }) => hear({ kind: 'broken', message }, file.name));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- only windows have one
  worker.postMessage({ file, keys: inputs.keys.value, since: inputs.since.value });
}

function stop(): void {
  worker?.terminate();
  worker = undefined;
  fields.disabled = false;
  running.hidden = true;
}

/** Nothing of an earlier pack stays on the page. */
function clear(): void {
  result.replaceChildren();
  result.hidden = true;
  for (const field of ['keys', 'since'] as const) {
    errors[field].textContent = '';
    inputs[field].removeAttribute('aria-invalid');
  }
}

function hear(answer: Answer, name: string): void {
  if (answer.kind === 'progress') {
    bar.max = Math.max(answer.of, 1);
    bar.value = answer.done;
    soFar.textContent = `${answer.done} of ${answer.of} ${answer.part === 'log' ? 'entries of the log' : 'changes'}`;
    return;
  }
  stop();
  switch (answer.kind) {
    case 'refused':
      status.textContent = 'Nothing was verified.';
      errors[answer.field].textContent = answer.message;
      inputs[answer.field].setAttribute('aria-invalid', 'true');
      inputs[answer.field].focus();
      return;
    case 'broken':
      show('unread', 'Nothing was verified.', name, [
        element('p', `The file could not be read, or this page is at fault: ${answer.message}`),
      ]);
      return;
    case 'done':
      show(answer.outcome.ok ? 'holds' : 'fails', headline(answer.outcome), name, showOutcome(answer.outcome));
      return;
    default:
      answer satisfies never;
  }
}

function show(state: 'holds' | 'fails' | 'unread', line: string, name: string, content: readonly Node[]): void {
  const heading = element('h2', line);
  heading.tabIndex = -1;
  heading.dataset.state = state;
  result.replaceChildren(heading, element('p', 'File: ', element('bdi', name)), ...content);
  result.hidden = false;
  status.textContent = line;
  heading.focus();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const [file] = pack.files ?? [];
  if (file !== undefined) start(file);
});

cancelButton.addEventListener('click', () => {
  stop();
  status.textContent = 'Cancelled. Nothing was verified.';
  verifyButton.focus();
});

// A result is that of what stands in the form.
form.addEventListener('input', () => {
  clear();
  status.textContent = '';
});

// A file may be dropped anywhere: elsewhere the browser would open it in place of the page.
document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => {
  event.preventDefault();
  const files = event.dataTransfer?.files;
  if (files === undefined || files.length !== 1 || worker !== undefined) return;
  pack.files = files;
  clear();
  status.textContent = 'The pack is chosen. Fill in what you have from elsewhere, then verify.';
  verifyButton.focus();
});

const missing = whatIsMissing();
if (missing === undefined) fields.disabled = false;
else status.textContent = `This browser is too old for this page: it has no ${missing}.`;
