import { z } from 'zod';

/** What a field is, for messages, editors and the manual. */
export interface About {
  readonly description: string;
  readonly examples?: readonly unknown[];
}

/** One line of text. */
export function text(about: About) {
  return z
    .string()
    .trim()
    .min(1, { abort: true })
    .refine(isOneLine, { error: 'holds control characters' })
    .meta(metaOf(about));
}

/** Text that people like to write without quotes, although YAML then takes it for a number. */
export function identifier(about: About) {
  return z
    .union([text(about), z.int().min(0).max(Number.MAX_SAFE_INTEGER)])
    .transform(String)
    .meta(metaOf(about));
}

/** A whole number within bounds. */
export function count(about: About, bounds: { readonly min: number; readonly max: number }) {
  return z.int().min(bounds.min).max(bounds.max).meta(metaOf(about));
}

/** A list of patterns for labels: `*` stands for any characters, all else is literal. */
export function labelPatterns(about: About) {
  return z
    .array(
      text({ description: 'A label; * stands for any characters.', examples: ['security::*'] })
        .refine((pattern) => !looksLikeExpression(pattern), {
          error: 'looks like a regular expression',
          params: { hint: 'Only * is special in a pattern, as in security::*' },
        })
        .refine((pattern) => !pattern.includes(','), {
          error: 'holds a comma, which no label can',
          params: { hint: 'Give each pattern an entry of its own' },
        }),
    )
    .meta(metaOf(about));
}

/** A list of patterns for branches. */
export function branchPatterns(about: About) {
  return z
    .array(
      text({ description: 'A branch; * stands for any characters, / included.', examples: ['main', 'release/*'] })
        // What git refuses in the name of a branch (git check-ref-format), but for the star.
        .refine((pattern) => !/[\s~^:?[\\]|\.\.|\/$/.test(pattern), {
          error: 'can match no branch',
          params: { hint: 'Only * is special in a pattern, as in release/*' },
        }),
    )
    .meta(metaOf(about));
}

/** A list of patterns for projects. */
export function projectPatterns(about: About) {
  return z
    .array(
      text({
        description: 'The full path of a project; * stands for any characters.',
        examples: ['acme/pay-*'],
      }).refine((pattern) => /^[\w.*-]+(\/[\w.*-]+)*$/.test(pattern), {
        error: 'can match no project',
        params: { hint: 'Give the path as it stands in the address, such as acme/payments or acme/pay-*' },
      }),
    )
    .meta(metaOf(about));
}

/** The full path of a project, `acme/payments`. */
export function projectPath(about: About) {
  return text(about)
    .refine(isPath, pathFault)
    .refine((path) => path.includes('/'), {
      error: 'lacks the group that the project is in',
      params: { hint: 'Give the full path, such as acme/payments' },
      when: ({ value }) => typeof value === 'string' && isPath(value),
    });
}

/** The full path of a group, `acme` or `acme/platform`. */
export function groupPath(about: About) {
  return text(about).refine(isPath, pathFault);
}

/** The name of a user, `mlund`. */
export function userName(about: About) {
  return text(about).refine((name) => /^[\w.][\w.-]*$/.test(name), {
    error: 'is not a user name in GitLab',
    params: { hint: 'Give the name without @ and spaces, such as mlund' },
  });
}

/** The id of a channel: names change, and Slack does not take them everywhere. */
export function channel(about: About) {
  return text(about).refine((id) => /^[CG][A-Z0-9]+$/.test(id), {
    error: 'is not the id of a channel',
    params: { hint: 'Copy it from the foot of the channel’s details in Slack, such as C0SECURITY' },
  });
}

const pathFault = {
  error: 'is not a full path in GitLab',
  params: {
    hint: 'Give it as it stands in the address after the host, without / at either end, such as acme/payments',
  },
};

function isPath(path: string): boolean {
  return /^[\w.][\w.-]*(\/[\w.][\w.-]*)*$/.test(path);
}

function looksLikeExpression(pattern: string): boolean {
  return pattern.startsWith('^') || pattern.endsWith('$') || (pattern.length > 1 && /^\/.*\/$/.test(pattern));
}

function isOneLine(value: string): boolean {
  return !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value);
}

/** The same, or `null` for nothing. What it is stays said of the whole. */
export function orNothing<T extends z.ZodType>(schema: T) {
  return schema.nullable().meta(schema.meta() ?? {});
}

/** For schemas that are put together elsewhere. */
export function metaOf({ description, examples }: About): { description: string; examples?: unknown[] } {
  return { description, ...(examples === undefined ? {} : { examples: [...examples] }) };
}
