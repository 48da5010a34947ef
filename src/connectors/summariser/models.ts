import type { LanguageModel } from 'ai';
import type { Carry } from './transport.ts';

/** A model: of a provider that is known by name, or behind any address that speaks the format of OpenAI. */
export interface ModelAddress {
  readonly provider: 'anthropic' | 'google' | 'mistral' | 'openai' | 'compatible';
  /** Its name there. */
  readonly name: string;
  /** Up to the version, as in `https://api.openai.com/v1`. A provider has one of its own. */
  readonly url?: string;
  readonly key: string | null;
}

const addresses = {
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
  mistral: 'https://api.mistral.ai/v1',
  openai: 'https://api.openai.com/v1',
} as const;

/** Where a model is asked. Never left to the packages: they would take it from variables of the environment. */
export function addressOf({ provider, url }: ModelAddress): string {
  if (url !== undefined) return url;
  if (provider === 'compatible') throw new TypeError('A model without a provider has an address');
  return addresses[provider];
}

/** The package that asks, and the model of one provider: loaded at the first question, and nothing of it before. */
export async function loadModel(address: ModelAddress, carry: Carry) {
  const [{ generateText, streamText }, model] = await Promise.all([import('ai'), modelOf(address, carry)]);
  return { generateText, streamText, model };
}

async function modelOf(address: ModelAddress, carry: Carry): Promise<LanguageModel> {
  const { provider, name } = address;
  const settings = { baseURL: addressOf(address), fetch: carry };
  // An empty key is none of theirs, and keeps the packages from looking for one in the environment.
  const apiKey = address.key ?? '';
  switch (provider) {
    case 'anthropic':
      return (await import('@ai-sdk/anthropic')).createAnthropic({ ...settings, apiKey })(name);
    case 'google':
      return (await import('@ai-sdk/google')).createGoogle({ ...settings, apiKey })(name);
    case 'mistral':
      return (await import('@ai-sdk/mistral')).createMistral({ ...settings, apiKey })(name);
    case 'openai':
      return (await import('@ai-sdk/openai')).createOpenAI({ ...settings, apiKey })(name);
    case 'compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const key = address.key === null ? {} : { apiKey: address.key };
      return createOpenAICompatible({ ...settings, ...key, name: 'compatible', includeUsage: true })(name);
    }
  }
}
