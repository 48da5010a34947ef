import { Secret } from './secret.ts';
import { readSendable, setIt, type SecretSource } from './secrets.ts';

export type LinearAuth =
  | { readonly kind: 'api_key'; readonly key: Secret }
  | { readonly kind: 'client_credentials'; readonly clientId: string; readonly clientSecret: Secret };

export type ConfluenceAuth =
  | { readonly kind: 'basic'; readonly email: string; readonly token: Secret }
  | { readonly kind: 'bearer'; readonly token: Secret };

/** A personal key, or an application of its own. */
export function readLinear(source: SecretSource): LinearAuth | undefined {
  const way = chooseWay(source, 'Linear', [['LINEAR_API_KEY'], ['LINEAR_CLIENT_ID', 'LINEAR_CLIENT_SECRET']]);
  if (way === undefined) return undefined;
  const [first, second] = way.map((name) => readSendable(source, name));
  if (way.length === 1) return first === undefined ? undefined : { kind: 'api_key', key: new Secret(first) };
  if (first === undefined || second === undefined) return undefined;
  return { kind: 'client_credentials', clientId: first, clientSecret: new Secret(second) };
}

/** A person and their token on Cloud, or a personal access token on Data Center. */
export function readConfluence(source: SecretSource): ConfluenceAuth | undefined {
  const ways = [['CONFLUENCE_EMAIL', 'CONFLUENCE_API_TOKEN'], ['CONFLUENCE_TOKEN']];
  const way = chooseWay(source, 'Confluence', ways);
  if (way === undefined) return undefined;
  const [first, second] = way.map((name) => readSendable(source, name));
  if (way.length === 1) return first === undefined ? undefined : { kind: 'bearer', token: new Secret(first) };
  if (first === undefined || second === undefined) return undefined;
  return { kind: 'basic', email: first, token: new Secret(second) };
}

/** The key for the model that writes summaries; null where none is needed. Undefined where it is missing or wrong. */
export function readSummaryKey(source: SecretSource, need: SummaryKeyNeed): Secret | null | undefined {
  if (need === 'none') return null;
  if (!source.isSet('SUMMARY_API_KEY')) {
    if (need === 'optional') return null;
    source.blame('SUMMARY_API_KEY', 'is not set', `${setIt('SUMMARY_API_KEY')}: summary.model is set, and needs a key`);
    return undefined;
  }
  const key = readSendable(source, 'SUMMARY_API_KEY');
  return key === undefined ? undefined : new Secret(key);
}

/** Whether a model is set, and whether it asks for a key. */
export type SummaryKeyNeed = 'none' | 'optional' | 'required';

// Exactly one way of signing in, and that one whole.
function chooseWay(source: SecretSource, vendor: string, ways: readonly string[][]): readonly string[] | undefined {
  const all = ways.map((way) => way.join(' and ')).join(', or ');
  const begun = ways.filter((way) => way.some((name) => source.isSet(name)));
  const way = begun[0];
  if (way === undefined) {
    source.blame(
      ways[0]![0]!,
      `is not set, so there is no credential for ${vendor}`,
      `Set ${all}; each also by a file, as ${ways[0]![0]!}_FILE`,
    );
    return undefined;
  }
  if (begun.length > 1) {
    const set = begun.flat().filter((name) => source.isSet(name));
    source.blame(set[0]!, `is set beside ${set.slice(1).join(' and ')}`, `Keep one way into ${vendor}: ${all}`);
    return undefined;
  }
  const missing = way.filter((name) => !source.isSet(name));
  for (const name of missing) {
    source.blame(name, 'is not set', `${setIt(name)}: it belongs to ${way.find((other) => other !== name) ?? vendor}`);
  }
  return missing.length === 0 ? way : undefined;
}
