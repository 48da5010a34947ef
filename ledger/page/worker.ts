// Runs beside the page, so that the page stays alive while a large pack is verified.
import { answer } from './answer.ts';
import { type Answer, type Question } from './messages.ts';

// In milliseconds: more often, nobody sees it, and telling it would take longer than verifying.
const pause = 50;
let last = 0;

function say(one: Answer): void {
  const now = performance.now();
  if (one.kind === 'progress' && now - last < pause) return;
  last = now;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- only windows have one
  globalThis.postMessage(one);
}

globalThis.addEventListener('message', ({ data }: MessageEvent<Question>) => void answer(data, say));
