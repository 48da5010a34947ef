import { z } from 'zod';
import { allowHttp, encrypted, webAddress, withoutSlash } from '../address.ts';
import { count, orNothing, text } from '../fields.ts';
import { evenIfWrong, report, type Fault } from '../rules.ts';
import { suggest } from '../suggest.ts';

/** The providers that can be named by a word. Anything else is reached by an address. */
export const summaryProviders = ['anthropic', 'google', 'mistral', 'openai'] as const;

export type SummaryProvider = (typeof summaryProviders)[number];

const Price = z
  .strictObject({
    input: z
      .number()
      .min(0)
      .max(1_000_000)
      .meta({ description: 'For what the model reads.', examples: [3] }),
    output: z
      .number()
      .min(0)
      .max(1_000_000)
      .meta({ description: 'For what the model writes.', examples: [15] }),
  })
  .meta({ description: 'What a million tokens cost, in your currency; for the costs that are shown.' });

/** The optional summary: one sentence by a model, in row and confirmation. */
export const Summary = z
  .strictObject({
    model: orNothing(
      text({
        description:
          'The model that writes a summary, as provider/model; with `url`, its name there. Empty: none is written.',
        examples: ['anthropic/claude-haiku-4-5'],
      }),
    ).default(null),
    url: orNothing(
      webAddress({
        description:
          'The address of a server that speaks the format of OpenAI, up to /v1. Empty: that of the provider.',
        examples: ['http://127.0.0.1:11434/v1'],
      }),
    ).default(null),
    allow_http: allowHttp(),
    prompt: orNothing(
      text({
        description: 'A file with instructions of yours for the model, from where this file is. Empty: the usual ones.',
        examples: ['prompts/summary.md'],
      }),
    ).default(null),
    stream: z
      .boolean()
      .default(false)
      .meta({ description: 'Asks for the answer in pieces: for servers that answer in no other way.' }),
    timeout_seconds: count(
      { description: 'How long one summary may take, reading the merge request included.' },
      { min: 1, max: 120 },
    ).default(20),
    price_per_million: orNothing(Price).default(null),
  })
  .refine(...encrypted('url'))
  .superRefine((section, ctx) => report(ctx, modelFaults(section)), evenIfWrong)
  .transform(({ model, url, prompt, stream, timeout_seconds, price_per_million }) => ({
    model,
    url: url === null ? null : withoutSlash(url),
    prompt,
    stream,
    timeoutSeconds: timeout_seconds,
    pricePerMillion: price_per_million,
  }))
  .meta({ description: 'The optional summary: one sentence by a model, in row and confirmation. It decides nothing.' });

export type Summary = z.infer<typeof Summary>;

/** A provider and the name of a model there; undefined where it is not both. */
export function takeApart(model: string): { provider: SummaryProvider; name: string } | undefined {
  const at = model.indexOf('/');
  const provider = summaryProviders.find((one) => one === model.slice(0, Math.max(0, at)));
  const name = model.slice(at + 1);
  return provider === undefined || !/^[\w.:/@-]+$/.test(name) ? undefined : { provider, name };
}

// It may be wrong otherwise: whatever is not text is somebody else's fault to find.
function modelFaults({ model, url }: { readonly model?: unknown; readonly url?: unknown }): Fault[] {
  if (typeof url === 'string' && /\/completions\/?$/.test(url)) {
    return [{ path: ['url'], message: 'names the endpoint itself', hint: 'Leave out /chat/completions' }];
  }
  const isSet = (value: unknown): boolean => value !== null && value !== undefined;
  if (!isSet(model)) {
    if (!isSet(url)) return [];
    return [{ path: ['url'], message: 'is set, and no model', hint: 'Name the model there, as in model: llama3.3' }];
  }
  if (typeof model !== 'string' || isSet(url) || takeApart(model) !== undefined) return [];
  const [provider = ''] = model.split('/');
  const meant = suggest(provider, summaryProviders);
  const known = summaryProviders.map((one) => `${one}/…`).join(', ');
  const hint =
    meant !== undefined && model.includes('/') && meant !== provider
      ? `Did you mean ${meant}/…?`
      : `Write ${known}, or give the url of a server that speaks the format of OpenAI beside it`;
  return [{ path: ['model'], message: 'names no provider and model that is known', hint }];
}
