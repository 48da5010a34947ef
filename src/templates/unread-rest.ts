import { Tokenizer, TypeGuards, type TopLevelToken } from 'liquidjs';
import type { TemplateFault } from './template-fault.ts';

/** What the engine does not read in the values of a template: it would leave it out without a word. */
export function unreadRest(text: string): TemplateFault[] {
  let comment = false;
  return new Tokenizer(text).readTopLevelTokens().flatMap((token): TemplateFault[] => {
    if (TypeGuards.isTagToken(token) && /^(end)?comment$/.test(token.name)) comment = token.name === 'comment';
    const value = comment ? undefined : valueIn(token);
    const rest = value === undefined ? '' : restOf(value);
    if (rest === '') return [];
    const hint = 'Leave it out, or put | and the name of a filter before it';
    return [{ line: token.getPosition()[0] ?? 1, message: `${rest} is not understood in ${token.getText()}`, hint }];
  });
}

const valued = ['if', 'elsif', 'unless', 'case', 'echo'];

function valueIn(token: TopLevelToken): string | undefined {
  if (!TypeGuards.isTagToken(token)) return TypeGuards.isOutputToken(token) ? token.content : undefined;
  if (token.name === 'assign') return token.args.slice(token.args.indexOf('=') + 1);
  return valued.includes(token.name) && token.args.trim() !== '' ? token.args : undefined;
}

function restOf(value: string): string {
  const tokenizer = new Tokenizer(value);
  tokenizer.readFilteredValue();
  if (/\|\s*$/.test(value)) return '|';
  return tokenizer.remaining().trim();
}
