import { randomBytes } from 'node:crypto';
import type { Fault, Faults } from '../faults.ts';
import { serveVendor, type Call, type SandboxAnswer, type SandboxRequest } from '../http.ts';
import { answerOf } from './answers.ts';
import { streamedAnswer, wholeAnswer } from './completion.ts';
import { readQuestion, refuse, type Question } from './question.ts';
import { usualModelSwitches, type ModelSwitches } from './switches.ts';

export interface ModelOptions {
  readonly faults: Faults;
  readonly calls: Call[];
  readonly port?: number;
  readonly switches?: Partial<ModelSwitches>;
  readonly now?: () => Date;
  /** Of a server that this one stands in for; a new one where it is not given. */
  readonly apiKey?: string;
}

/** A running fake of a server that speaks OpenAI's format of chat completions. It knows one model. */
export interface FakeModel {
  /** Up to the version, without a slash at its end. */
  readonly url: string;
  readonly apiKey: string;
  readonly model: string;
  /** Can be set at any time. */
  readonly switches: ModelSwitches;
  /** The questions that were taken, oldest first. */
  readonly questions: readonly Question[];
  close(): Promise<void>;
}

const model = 'sandbox-small';

/** Runs a fake model on 127.0.0.1. */
export async function startModel(options: ModelOptions): Promise<FakeModel> {
  const { faults, calls, port, now = () => new Date() } = options;
  const apiKey = options.apiKey ?? `sk-sandbox-${randomBytes(16).toString('hex')}`;
  const switches = usualModelSwitches(options.switches);
  const questions: Question[] = [];

  function complete(request: SandboxRequest): SandboxAnswer {
    const refused = refusedKey(request);
    if (refused !== undefined) return refused;
    const read = readQuestion(request.body, request.headers['content-type']);
    if ('refusal' in read) return read.refusal;
    const { question } = read;
    if (question.model !== model) {
      const message = `The model \`${question.model}\` does not exist or you do not have access to it.`;
      return refuse(404, message, 'openai model not found', { code: 'model_not_found' });
    }
    if (switches.maxTokens === 'refused' && typeof question.max_tokens === 'number') {
      const message =
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
      const more = { param: 'max_tokens', code: 'unsupported_parameter' };
      return refuse(400, message, 'openai max_tokens refused by newer models', more);
    }
    if (typeof question.stream_options === 'object' && question.stream_options !== null && question.stream !== true) {
      const message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
      return refuse(400, message, 'openai chat completion chunks', { param: 'stream_options' });
    }
    questions.push(question);
    const frame = { id: `chatcmpl-${questions.length}`, created: Math.floor(now().getTime() / 1000), model };
    const said = answerOf(question, switches);
    const inPieces = switches.streams === 'as_asked' ? question.stream === true : switches.streams === 'always';
    return (inPieces ? streamedAnswer : wholeAnswer)(frame, said, question, switches);
  }

  function refusedKey({ headers }: SandboxRequest): SandboxAnswer | undefined {
    if (switches.key === 'ignored') return undefined;
    const given = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (given === apiKey) return undefined;
    if (given === undefined) return refuse(401, "You didn't provide an API key.", 'openai bearer key');
    // The key is in the message, as it is with OpenAI, most of it starred.
    const message = `Incorrect API key provided: ${given.slice(0, 8)}****${given.slice(-4)}.`;
    return refuse(401, message, 'openai bearer key', { code: 'invalid_api_key' });
  }

  const server = await serveVendor({
    vendor: 'model',
    faults,
    calls,
    wordFault,
    routes: {
      'POST /v1/chat/completions': complete,
      'GET /v1/models': (request) =>
        refusedKey(request) ?? {
          status: 200,
          body: { object: 'list', data: [{ id: model, object: 'model', created: 1_750_000_000, owned_by: 'sandbox' }] },
          fact: 'openai list models',
        },
    },
    // Nothing is written anywhere by asking.
    describe: ({ method, path }) => ({ operation: `${method} ${path}`, write: false }),
    otherwise: ({ method, path }) => refuse(404, `Invalid URL (${method} ${path})`, 'openai chat completion', {}),
    ...(port === undefined ? {} : { port }),
  });

  return { url: `${server.url}/v1`, apiKey, model, switches, questions, close: () => server.close() };
}

function wordFault({ kind, delayMs = 1000 }: Fault): SandboxAnswer | undefined {
  if (kind === 'limit') {
    const more = { type: 'requests', code: 'rate_limit_exceeded' };
    return {
      ...refuse(429, `Rate limit reached for ${model}.`, 'openai chat completion', more),
      headers: { 'retry-after': String(Math.ceil(delayMs / 1000)) },
      fact: 'fault',
    };
  }
  if (kind === 'error_500') {
    const message = 'The server had an error while processing your request. Sorry about that!';
    return { ...refuse(500, message, 'openai chat completion', { type: 'server_error' }), fact: 'fault' };
  }
  return undefined;
}
