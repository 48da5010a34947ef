import { randomBytes } from 'node:crypto';
import type { SummaryMaterial } from '../../domain/summary-material.ts';
import { defaultPrompt } from './default-prompt.ts';
import { addressOf, loadModel, type ModelAddress } from './models.ts';
import { digestOf, promptOf } from './prompt.ts';
import type { NoSummary } from './reasons.ts';
import { Answer } from './schema.ts';
import { sentenceOf } from './sentence.ts';
import { createTransport, type Carry } from './transport.ts';

export interface SummariserOptions {
  readonly model: ModelAddress;
  /** How the model is called in what people read. */
  readonly shownAs: string;
  /** Instructions in place of the usual ones. */
  readonly instructions?: string;
  /** Asks for the answer in pieces. It is read whole all the same. */
  readonly stream?: boolean;
  /** What a million tokens cost. */
  readonly price?: { readonly input: number; readonly output: number };
  readonly clock?: () => number;
  /** Sixteen random bytes or more, as text: authors of a change must not be able to guess it. */
  readonly boundary?: () => string;
}

/** What came of asking: a sentence, or why there is none, and what it took. */
export interface Summarised {
  readonly text: string | null;
  /** Null where there is a text. */
  readonly reason: NoSummary | null;
  /** For people; holds no key and nothing that the model said. */
  readonly detail: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Null where price or tokens are not known. */
  readonly cost: number | null;
  readonly ms: number;
}

export interface Summariser {
  readonly model: string;
  /** Names the instructions; another text has another digest. */
  readonly promptSha256: string;
  /** Asks once, for so long. Failing is an answer, not an exception. */
  summarise(material: SummaryMaterial, timeoutMs: number): Promise<Summarised>;
}

/** Room for a sentence, and for the thinking that some models do before it. */
const mostTokens = 2000;

/** Has a model put a change into one sentence. Loads nothing before the first question; never asks twice. */
export function createSummariser(options: SummariserOptions): Summariser {
  const { model, price, stream = false, clock = Date.now } = options;
  const instructions = options.instructions ?? defaultPrompt;
  const boundary = options.boundary ?? (() => randomBytes(16).toString('hex'));

  return {
    model: options.shownAs,
    promptSha256: digestOf(instructions),
    async summarise(material, timeoutMs) {
      const began = clock();
      const result = (rest: Partial<Summarised>): Summarised => ({
        ...nothing,
        ...rest,
        ms: Math.max(0, clock() - began),
      });
      const transport = createTransport(addressOf(model), timeoutMs);
      const mark = boundary();
      const prompt = promptOf(instructions, material, mark);
      let answer: Answer;
      try {
        answer = Answer.parse(await ask(model, prompt, transport.carry, stream));
      } catch {
        // The cause quotes the question, and may quote the key.
        return result(transport.failure() ?? unreadable);
      }
      const used = { ...tokensOf(answer), cost: costOf(answer, price) };
      const failure = transport.failure();
      if (failure !== undefined) return result({ ...used, ...failure });
      if (answer.finishReason === 'content-filter') return result({ ...used, reason: 'refused' });
      if (answer.finishReason === 'error') return result({ ...used, ...unreadable });
      if (answer.text.includes(mark)) return result({ ...used, reason: 'nonsense' });
      const sentence = sentenceOf(answer.text);
      if (!sentence.ok) return result({ ...used, reason: sentence.reason });
      return result({ ...used, text: sentence.text, reason: null });
    },
  };
}

const nothing: Summarised = {
  text: null,
  reason: 'error',
  detail: null,
  inputTokens: null,
  outputTokens: null,
  cost: null,
  ms: 0,
};

const unreadable = { reason: 'error', detail: 'The model broke off, or its answer cannot be read' } as const;

async function ask(
  address: ModelAddress,
  { instructions, data }: { readonly instructions: string; readonly data: string },
  carry: Carry,
  stream: boolean,
): Promise<unknown> {
  const { generateText, streamText, model } = await loadModel(address, carry);
  const call = {
    model,
    instructions,
    prompt: data,
    maxOutputTokens: mostTokens,
    maxRetries: 0,
    telemetry: { isEnabled: false },
    // OpenAI keeps questions and answers unless told not to.
    providerOptions: { openai: { store: false } },
  };
  if (!stream) {
    const { text, finishReason, usage } = await generateText(call);
    return { text, finishReason, usage };
  }
  // Without a listener of ours, the package would print errors, and with them the question.
  const streamed = streamText({ ...call, onError: () => undefined });
  const [text, finishReason, usage] = await Promise.all([streamed.text, streamed.finishReason, streamed.usage]);
  return { text, finishReason, usage };
}

function tokensOf({ inputTokens, outputTokens }: Answer): Pick<Summarised, 'inputTokens' | 'outputTokens'> {
  return { inputTokens, outputTokens };
}

function costOf({ inputTokens, outputTokens }: Answer, price: SummariserOptions['price']): number | null {
  if (price === undefined || inputTokens === null || outputTokens === null) return null;
  return (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
}
