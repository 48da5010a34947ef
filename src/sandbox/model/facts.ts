/** What each kind of answer rests on, as the call log names it: OpenAI's reference of chat completions, and reports of its errors. */
export type ModelFact =
  | 'openai bearer key'
  | 'openai chat completion'
  | 'openai chat completion chunks'
  | 'openai usage chunk on request'
  | 'openai list models'
  | 'openai model not found'
  | 'openai unrecognised argument'
  | 'openai messages have roles and content'
  | 'openai max_tokens refused by newer models'
  | 'openai refusal in the message'
  | 'openai content filter ends an answer'
  | 'openai length ends an answer';
