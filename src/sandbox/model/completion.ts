import type { SandboxAnswer } from '../http.ts';
import type { Said } from './answers.ts';
import { textsOf, type Question } from './question.ts';
import type { ModelSwitches } from './switches.ts';

interface Frame {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

/** An answer in one piece. */
export function wholeAnswer(frame: Frame, said: Said, question: Question, switches: ModelSwitches): SandboxAnswer {
  const usage = usageOf(said, question, switches);
  return {
    status: 200,
    body: {
      ...frame,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: said.content, refusal: said.refusal, annotations: [] },
          logprobs: null,
          finish_reason: said.finish,
        },
      ],
      ...(usage === null ? {} : { usage }),
      service_tier: 'default',
      system_fingerprint: null,
    },
    fact: said.fact,
  };
}

/** An answer in pieces: server-sent events, the last of them `[DONE]`. */
export function streamedAnswer(frame: Frame, said: Said, question: Question, switches: ModelSwitches): SandboxAnswer {
  const wantsUsage = question.stream_options?.include_usage === true;
  const usage = wantsUsage ? usageOf(said, question, switches) : null;
  const chunk = (choices: readonly unknown[], more: object = {}) => ({
    ...frame,
    object: 'chat.completion.chunk',
    choices,
    ...(wantsUsage ? { usage: null } : {}),
    ...more,
  });
  const delta = (delta: object, finish: string | null = null) =>
    chunk([{ index: 0, delta, logprobs: null, finish_reason: finish }]);
  const chunks = [
    delta({ role: 'assistant', content: '', refusal: null }),
    ...piecesOf(said.content ?? '').map((content) => delta({ content })),
    ...(said.refusal === null ? [] : [delta({ refusal: said.refusal })]),
    delta({}, said.finish),
    ...(usage === null ? [] : [chunk([], { usage })]),
  ];
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    body: `${chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('')}data: [DONE]\n\n`,
    fact: usage === null ? 'openai chat completion chunks' : 'openai usage chunk on request',
  };
}

// A word at a time, its space before it, as tokens come.
function piecesOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

function usageOf(said: Said, question: Question, { usage }: ModelSwitches) {
  if (usage === 'missing') return null;
  const sign = usage === 'negative' ? -1 : 1;
  const prompt = sign * tokens(textsOf(question).join('\n'));
  const completion = sign * tokens(said.content ?? '');
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

// About four characters to a token.
function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}
