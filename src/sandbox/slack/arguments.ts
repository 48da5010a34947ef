import type { SandboxRequest } from '../http.ts';
import { refuse } from './answers.ts';

/** The arguments of one call, however they came. */
export interface Arguments {
  /** A string; numbers and booleans of a JSON body are written out. Empty is as good as absent. */
  text(name: string): string | undefined;
  flag(name: string): boolean | undefined;
  whole(name: string): number | undefined;
  /** A structure: a JSON string in a form, the thing itself or a JSON string in a JSON body. */
  structure(name: string): Structure;
  readonly json: boolean;
  readonly charset: boolean;
}

export type Structure =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'value'; readonly value: unknown };

type Raw = Readonly<Record<string, unknown>>;

/** Reads the arguments from the query and from a form or JSON body. */
export function readArguments(request: SandboxRequest, takesJson: boolean): Arguments {
  const type = request.headers['content-type'] ?? '';
  const json = type.startsWith('application/json');
  const query = Object.fromEntries(request.query);
  const raw: Raw = { ...query, ...readBody(request, type, json, takesJson) };
  for (const name of Object.keys(raw)) {
    if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) throw refuse('invalid_arg_name', 'slack 1 form or JSON body');
  }

  const text = (name: string): string | undefined => {
    const value = raw[name];
    if (typeof value === 'string') return value === '' ? undefined : value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  };
  return {
    json,
    charset: /charset=/i.test(type),
    text,
    flag(name) {
      const value = text(name);
      return value === undefined ? undefined : value === 'true' || value === '1';
    },
    whole(name) {
      const value = text(name);
      return value === undefined ? undefined : /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
    },
    structure(name) {
      const value = raw[name];
      if (value === undefined || value === null || value === '') return { kind: 'absent' };
      if (typeof value !== 'string') return { kind: 'value', value };
      try {
        return { kind: 'value', value: JSON.parse(value) };
      } catch {
        return { kind: 'unreadable' };
      }
    },
  };
}

function readBody(request: SandboxRequest, type: string, json: boolean, takesJson: boolean): Raw {
  if (request.method === 'GET' || request.body.length === 0) return {};
  const body = request.body.toString('utf8');
  if (json) return takesJson ? readJson(body) : {};
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(body));
  if (type.startsWith('multipart/form-data')) return readMultipart(body, type);
  throw refuse(type === '' ? 'missing_post_type' : 'invalid_post_type', 'slack 1 form or JSON body');
}

function readJson(body: string): Raw {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw refuse('invalid_json', 'slack 1 form or JSON body');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse('json_not_object', 'slack 1 form or JSON body');
  }
  return value as Raw;
}

// Plain fields only: the sandbox keeps no files.
function readMultipart(body: string, type: string): Raw {
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  if (boundary === undefined) throw refuse('invalid_form_data', 'slack 1 form or JSON body');
  const fields = body.split(`--${boundary}`).flatMap((part) => {
    const found = /name="([^"]+)"[^]*?\r\n\r\n([^]*)\r\n$/.exec(part);
    return found === null ? [] : [[found[1] ?? '', found[2] ?? ''] as const];
  });
  return Object.fromEntries(fields);
}
