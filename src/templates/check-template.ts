import { AssertionError, LiquidError, Tokenizer, TypeGuards, type Template } from 'liquidjs';
import { readable } from '../domain/text.ts';
import { longestTemplate, parseTemplate, readTemplate, render } from './engine.ts';
import { tagTable } from './filter-table.ts';
import { model, sampleValues } from './model.ts';
import { unknownWord, type TemplateFault } from './template-fault.ts';
import { unreadRest } from './unread-rest.ts';
import { controls, walk } from './walk.ts';
import { usualLimits, type Limits } from './work.ts';

/** Everything that is wrong with a template. One without a fault can be rendered for any change. */
export function checkTemplate(text: string, limits: Limits = usualLimits): TemplateFault[] {
  if (text.length > longestTemplate) {
    return [{ line: 1, message: `is longer than ${longestTemplate} characters`, hint: 'Say less' }];
  }
  if (controls.test(text)) {
    return [{ line: 1, message: 'holds control characters', hint: 'Leave them out' }];
  }
  try {
    const tags = tagFaults(text);
    if (tags.length > 0) return tags;
    const { faults } = walk(readTemplate(text), model);
    if (faults.length > 0) return [...faults];
    const rests = unreadRest(text);
    return rests.length > 0 ? rests : samplesFaults(parseTemplate(text), limits);
  } catch (error) {
    return [explain(error, 'is not a template', 'docs/templates.md says what can be written')];
  }
}

// Tags that open and close others, and stand in between.
const known = [
  ...new Set(
    tagTable.flatMap(([name, written]) => [name, ...[...written.matchAll(/\{% (\w+)/g)].map(([, word]) => word!)]),
  ),
];

function tagFaults(text: string): TemplateFault[] {
  let comment = false;
  return new Tokenizer(text).readTopLevelTokens().flatMap((token): TemplateFault[] => {
    if (!TypeGuards.isTagToken(token)) return [];
    if (token.name === 'comment' || token.name === 'endcomment') comment = token.name === 'comment';
    if (comment || known.includes(token.name)) return [];
    const fault = unknownWord(token.name, known, `${token.name} is not a tag that can be used here`);
    return [{ line: token.getPosition()[0] ?? 1, ...fault }];
  });
}

// What shows only when it is done: a loop without end, a number that is none.
function samplesFaults(template: Template[], limits: Limits): TemplateFault[] {
  for (const bare of [false, true]) {
    try {
      render(template, sampleValues(bare), limits);
    } catch (error) {
      return [explain(error, 'cannot be rendered', 'Does a loop, or a text, grow beyond what is there?')];
    }
  }
  return [];
}

/** What an error of the template engine says, and where. Others are ours, and thrown on. */
export function explain(error: unknown, what: string, hint = ''): TemplateFault {
  // The engine says where a limit was exceeded only within a block, and not at the top.
  if (error instanceof AssertionError) return { line: 1, message: `${what}: ${readable(error.message, 200)}`, hint };
  if (!LiquidError.is(error) || !(error instanceof LiquidError)) throw error;
  const said = error.originalError?.message ?? error.message.replace(/, (file:.*, )?line:\d+, col:\d+$/, '');
  const line = error.token.getPosition()[0] ?? 1;
  return { line, message: `${what}: ${readable(said, 200)}`, hint };
}
