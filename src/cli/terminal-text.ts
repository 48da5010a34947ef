import { readable } from '../compose.ts';

/** Foreign text for a terminal: one line, without control characters, of bounded length. */
export function line(text: string): string {
  return readable(text, 300);
}
