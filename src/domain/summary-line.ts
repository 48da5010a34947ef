import type { Summary } from './summary.ts';
import { readable, type Inline } from './text.ts';

/** A summary as a line of its own, which says first that nobody wrote it. */
export function summaryLine({ text, model }: Summary): Inline[] {
  return [{ kind: 'text', text: `Machine-written (${readable(model, 80)}): ${readable(text, 300)}` }];
}
