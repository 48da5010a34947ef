import { Summary, takeApart } from '../../config/sections/summary.ts';
import type { Asker } from './asker.ts';
import { bad, good } from './checking.ts';
import type { Draft, Known } from './draft.ts';

/** Asks whether a model writes a sentence about each change, and which. None does unless somebody says so. */
export async function askSummary(asker: Asker, known: Known): Promise<Draft> {
  asker.explain('Summary by a model (optional)', [
    'One sentence about the change, marked as machine-written, in row and message. It touches no record and no verdict. Title,',
    'description and discussion of merge requests are sent to the model’s provider: think of who may see them.',
  ]);
  const before = known.text('summary.model');
  const wanted = await asker.confirm({
    id: 'summary',
    ask: 'Shall a model write summaries?',
    initial: before !== undefined,
  });
  if (!wanted)
    return { sections: before === undefined ? {} : { summary: { model: null } }, dropped: [], variables: {} };
  const model = await asker.text({
    id: 'summary-model',
    ask: 'Which model? As provider/model',
    initial: before,
    example: 'anthropic/claude-haiku-4-5',
    check: async (text) => {
      const parsed = Summary.safeParse({ model: text.trim() });
      if (parsed.success && takeApart(text.trim()) !== undefined) return good(text.trim());
      return bad<string>(
        'Write anthropic/…, google/…, mistral/… or openai/…; for an address of your own see summary.url in docs/configuration.md',
      );
    },
  });
  const key = await asker.secret({
    id: 'summary-key',
    variable: 'SUMMARY_API_KEY',
    ask: 'The provider’s API key',
    check: async (value) => good(value, 'It is tried with `countersign try`'),
  });
  return { sections: { summary: { model } }, dropped: [], variables: { SUMMARY_API_KEY: key } };
}
