import { readable } from '../../domain/text.ts';

const mostNamed = 8;

/** Foreign names in one sentence, the first few of them: `SEC, ENG and 4 more`. */
export function nameList(names: readonly string[], form: (name: string) => string = (name) => name): string {
  const shown = names.slice(0, mostNamed).map((name) => form(readable(name, 60)));
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

/** A name in quotes, for what may hold spaces. */
export function quoted(name: string): string {
  return `"${name}"`;
}
