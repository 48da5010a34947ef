import { z } from 'zod';
import type { SandboxAnswer } from '../http.ts';
import type { ModelFact } from './facts.ts';

const Content = z.union([z.string(), z.array(z.strictObject({ type: z.literal('text'), text: z.string() })).min(1)]);

const Message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.enum(['system', 'developer', 'user']), content: Content, name: z.string().optional() }),
  z.strictObject({ role: z.literal('assistant'), content: Content.nullable(), name: z.string().optional() }),
]);

/** What a question may hold, as far as text goes in and text comes out. */
const Question = z.strictObject({
  model: z.string(),
  messages: z.array(Message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  n: z.literal(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.int().nullish(),
  user: z.string().optional(),
  store: z.boolean().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).nullish(),
  service_tier: z.string().nullish(),
});

export type Question = z.infer<typeof Question>;

/** A question as it was read, or how OpenAI refuses it. */
export type ReadQuestion = { readonly question: Question } | { readonly refusal: SandboxAnswer };

/** Reads a question as strictly as OpenAI does. */
export function readQuestion(body: Buffer, contentType: string | undefined): ReadQuestion {
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    return { refusal: refuse(400, 'We could not parse the JSON body of your request.', 'openai chat completion') };
  }
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return { refusal: refuse(400, 'We could not parse the JSON body of your request.', 'openai chat completion') };
  }
  const parsed = Question.safeParse(value);
  if (parsed.success) return { question: parsed.data };
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys' && issue.path.length === 0) {
    const many = issue.keys.length > 1 ? 's' : '';
    return {
      refusal: refuse(
        400,
        `Unrecognized request argument${many} supplied: ${issue.keys.join(', ')}`,
        'openai unrecognised argument',
      ),
    };
  }
  const param = (issue?.path ?? []).map((part) => (typeof part === 'number' ? `[${part}]` : String(part))).join('.');
  const fact = param.startsWith('messages') ? 'openai messages have roles and content' : 'openai chat completion';
  return { refusal: refuse(400, `Invalid value for '${param}'.`, fact, { param }) };
}

/** A refusal in OpenAI's way. */
export function refuse(
  status: number,
  message: string,
  fact: ModelFact,
  more: { readonly param?: string; readonly code?: string; readonly type?: string } = {},
): SandboxAnswer {
  const { param = null, code = null, type = 'invalid_request_error' } = more;
  return { status, body: { error: { message, type, param, code } }, fact };
}

/** Everything that was said, in order. */
export function textsOf({ messages }: Question): string[] {
  return messages.map(({ content }) =>
    typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join('\n'),
  );
}
