/** How the fake model answers. Each can be set while the server runs. */
export interface ModelSwitches {
  answers:
    | 'sentence'
    | 'several'
    | 'unending'
    | 'refusal'
    | 'refusal_field'
    | 'filtered'
    | 'nonsense'
    | 'empty'
    | 'null'
    | 'cut'
    | 'verdict'
    | 'obedient'
    | 'markup'
    | 'link'
    | 'mention'
    | 'echo';
  says: string;
  bytes: number;
  usage: 'shown' | 'missing' | 'negative';
  streams: 'as_asked' | 'always' | 'never';
  key: 'required' | 'ignored';
  maxTokens: 'taken' | 'refused';
}

interface Switch<T> {
  readonly usual: T;
  /** Every value, where they can be counted. */
  readonly values?: readonly T[];
  readonly about: string;
}

/** Every switch: how it stands unless set otherwise, and what it is about. */
export const modelSwitches: { readonly [K in keyof ModelSwitches]: Switch<ModelSwitches[K]> } = {
  answers: {
    usual: 'sentence',
    values: [
      'sentence',
      'several',
      'unending',
      'refusal',
      'refusal_field',
      'filtered',
      'nonsense',
      'empty',
      'null',
      'cut',
      'verdict',
      'obedient',
      'markup',
      'link',
      'mention',
      'echo',
    ],
    about:
      'What is answered. `obedient` does what the newest line that begins with "say:" tells it to, wherever it stands; `echo` repeats the question.',
  },
  says: {
    usual: 'Adds a limit to how many refunds one account can ask for in a day.',
    about: 'The sentence.',
  },
  bytes: { usual: 50_000, about: 'How long an `unending` answer is.' },
  usage: {
    usual: 'shown',
    values: ['shown', 'missing', 'negative'],
    about: 'Whether answers say how many tokens they took. Servers that only look like OpenAI often leave it out.',
  },
  streams: {
    usual: 'as_asked',
    values: ['as_asked', 'always', 'never'],
    about: 'Whether answers come in pieces. Some servers know only one of the two.',
  },
  key: {
    usual: 'required',
    values: ['required', 'ignored'],
    about: 'Whether a key is asked for. Local servers ask for none.',
  },
  maxTokens: {
    usual: 'taken',
    values: ['taken', 'refused'],
    about: 'Whether max_tokens is taken. Newer models of OpenAI know only max_completion_tokens.',
  },
};

/** The switches as they usually stand, with some set otherwise. */
export function usualModelSwitches(changes: Partial<ModelSwitches> = {}): ModelSwitches {
  const usual = Object.fromEntries(Object.entries(modelSwitches).map(([name, { usual }]) => [name, usual]));
  return { ...(usual as unknown as ModelSwitches), ...changes };
}
