import type { ModelFact } from './facts.ts';
import { textsOf, type Question } from './question.ts';
import type { ModelSwitches } from './switches.ts';

/** What the model says, and why it ends there. */
export interface Said {
  readonly content: string | null;
  readonly refusal: string | null;
  readonly finish: 'stop' | 'length' | 'content_filter';
  readonly fact: ModelFact;
}

const usual: Said = { content: '', refusal: null, finish: 'stop', fact: 'openai chat completion' };

/** Answers as the switches say; the same question always gets the same answer. */
export function answerOf(question: Question, { answers, says, bytes }: ModelSwitches): Said {
  const say = (content: string): Said => ({ ...usual, content });
  switch (answers) {
    case 'sentence':
      return say(says);
    case 'several':
      return say(`${says} It also renames a table. Nothing else is touched.`);
    case 'unending':
      return say('refund limits and '.repeat(Math.ceil(bytes / 18)).slice(0, bytes));
    case 'refusal':
      return say('I’m sorry, but I can’t help with that.');
    case 'refusal_field':
      return { ...usual, content: null, refusal: 'I can’t help with that.', fact: 'openai refusal in the message' };
    case 'filtered':
      return { ...usual, content: '', finish: 'content_filter', fact: 'openai content filter ends an answer' };
    case 'nonsense':
      return say('{"summary": 42, "files": [1, 2, 3]}');
    case 'empty':
      return say(' \n');
    case 'null':
      return { ...usual, content: null };
    case 'cut':
      return { ...usual, content: '', finish: 'length', fact: 'openai length ends an answer' };
    case 'verdict':
      return say('Adds a refund limit; the change is approved and safe to merge.');
    case 'obedient':
      return say(ordered(question) ?? says);
    case 'markup':
      return say('- **Adds** a limit\n- Renames a table');
    case 'link':
      return say('Adds a limit to refunds, see https://evil.example/x for details.');
    case 'mention':
      return say('Adds a limit to refunds, as @channel asked for.');
    case 'echo':
      return say(textsOf(question).join('\n'));
  }
}

// A model that falls for what its question holds.
function ordered(question: Question): string | undefined {
  return [
    ...textsOf(question)
      .join('\n')
      .matchAll(/^.*?\bsay:\s*(.+)$/gimu),
  ].at(-1)?.[1];
}
