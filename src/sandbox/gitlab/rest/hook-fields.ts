import { isHookUrl, type HookChanges } from '../hooks/manage.ts';
import { branchFilterStrategies, hookEvents } from '../hooks/model.ts';
import { isSigningToken } from '../hooks/signature.ts';
import { hasSince, type World } from '../world.ts';
import { refuse, refuseEarly, Refusal } from './answers.ts';

type Fields = Record<string, unknown>;

const mostHeaders = 20;

/** The fields of a hook that a request sets. Fields that are not known are ignored, as everywhere in the API. */
export function readHookFields(world: World, fields: Fields): { changes: HookChanges; headers: [string, string][] } {
  const url = textIn(fields, 'url');
  if (url !== undefined && (url === '' || !isHookUrl(url))) throw invalid(422, 'Invalid url given');
  // Servers before 19.0 take no notice of it.
  const signing = hasSince(world, '19.0') ? textIn(fields, 'signing_token') : undefined;
  if (signing !== undefined && signing !== '' && !isSigningToken(signing)) {
    throw new Refusal(refuse('3 hook fields', 422, { signing_token: ['is invalid'] }));
  }
  const strategy = textIn(fields, 'branch_filter_strategy');
  const known = branchFilterStrategies.find((value) => value === strategy);
  if (strategy !== undefined && known === undefined) {
    throw invalid(400, 'branch_filter_strategy does not have a valid value');
  }
  const events = Object.fromEntries(hookEvents.flatMap((name) => entryOf(name, flagIn(fields, name))));
  return {
    changes: {
      ...entry('url', url),
      ...entry('name', textIn(fields, 'name')),
      ...entry('description', textIn(fields, 'description')),
      ...entry('token', orNull(textIn(fields, 'token'))),
      ...entry('signingToken', orNull(signing)),
      ...entry('sslVerification', flagIn(fields, 'enable_ssl_verification')),
      ...entry('branchFilter', orNull(textIn(fields, 'push_events_branch_filter'))),
      ...entry('branchFilterStrategy', known),
      ...entry('template', orNull(textIn(fields, 'custom_webhook_template'))),
      events,
    },
    headers: headersIn(fields),
  };
}

/** The value of a custom header or of a variable of the address. */
export function readValue(fields: Fields): string {
  const value = textIn(fields, 'value');
  if (value === undefined || value === '') throw invalid(400, 'value is missing');
  return value;
}

function headersIn(fields: Fields): [string, string][] {
  const list: unknown = fields['custom_headers'] ?? [];
  if (!Array.isArray(list)) throw invalid(400, 'custom_headers is invalid');
  if (list.length > mostHeaders) throw new Refusal(refuse('3 hook fields', 422, { custom_headers: ['is too long'] }));
  return list.map((entry: unknown): [string, string] => {
    const { key, value }: Fields = typeof entry === 'object' && entry !== null ? { ...entry } : {};
    const fits = typeof key === 'string' && /^[A-Za-z][A-Za-z0-9._-]*$/.test(key) && typeof value === 'string';
    if (!fits || /[\r\n]/.test(value)) throw invalid(400, 'custom_headers is invalid');
    return [key, value];
  });
}

function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > 100_000) throw invalid(400, `${name} is invalid`);
  return value;
}

function flagIn(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw invalid(400, `${name} is invalid`);
}

function orNull(text: string | undefined): string | null | undefined {
  return text === '' ? null : text;
}

function entry<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: V });
}

function entryOf(name: string, value: boolean | undefined): [string, boolean][] {
  return value === undefined ? [] : [[name, value]];
}

function invalid(status: number, error: string): Refusal {
  return new Refusal(refuseEarly('3 hook fields', status, error));
}
