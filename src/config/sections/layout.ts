import { z } from 'zod';
import { compared, usualColumnOf } from '../../domain/row.ts';
import { checkTemplate } from '../../templates/check-template.ts';
import { count, orNothing, text } from '../fields.ts';
import { evenIfEntriesWrong, report, type Fault } from '../rules.ts';
import { suggest } from '../suggest.ts';

const longestHeading = 100;

const Column = z
  .strictObject({
    heading: text({
      description: 'The heading of the column. That of a usual column, or another name of it, takes its place.',
      examples: ['Author'],
    }).refine((heading) => heading.length <= longestHeading, {
      error: `is longer than ${longestHeading} characters`,
      params: { hint: 'Take a shorter one' },
    }),
    template: template('A Liquid template for the cell: docs/templates.md.', '{{ change.author | names }}'),
  })
  .meta({ description: 'One further column.' });

/** What a row holds beyond what every row holds. */
export const Row = z
  .strictObject({
    columns: z
      .array(Column)
      .superRefine((columns, ctx) => report(ctx, headingFaults(columns)), evenIfEntriesWrong)
      .default([])
      .meta({ description: 'Further columns, which stand before the last one, the record.' }),
  })
  .meta({ description: 'The row on the audit page.' });

export type Row = z.infer<typeof Row>;

/** What a confirmation says. */
export const Message = z
  .strictObject({
    template: orNothing(
      messageTemplate('A Liquid template for the confirmation: docs/templates.md. Empty: the usual line.'),
    ).default(null),
    digest_above: count(
      { description: 'When more changes than this wait for one channel, one message confirms them all.' },
      { min: 1, max: 1000 },
    ).default(20),
  })
  .transform(({ template, digest_above }) => ({ template, digestAbove: digest_above }))
  .meta({ description: 'The confirmation in Slack.' });

export type Message = z.infer<typeof Message>;

/** A template for confirmations. */
export function messageTemplate(description: string) {
  return template(description, '{{ change.reference | link: change.url }} {{ verdict.overall }}');
}

function template(description: string, example: string) {
  const meta = { description, examples: [example] };
  return z
    .string()
    .trim()
    .min(1, { abort: true })
    .superRefine((written, ctx) => report(ctx, templateFaults(written)))
    .meta(meta);
}

function templateFaults(written: string): Fault[] {
  const lines = written.split('\n').length;
  return checkTemplate(written).map(({ line, message, hint, unknown }) => {
    const meant = unknown === undefined ? undefined : suggest(unknown.word, unknown.known);
    return {
      path: [],
      message: lines === 1 ? `is wrong: ${message}` : `is wrong in its line ${line}: ${message}`,
      hint: meant === undefined ? hint : `Did you mean ${meant}?`,
    };
  });
}

// By these two a row is found again.
const fixed: readonly (string | undefined)[] = ['Merge request', 'Record'];

function headingFaults(columns: unknown): Fault[] {
  const taken = new Map<string, number>();
  return Headings.parse(columns).flatMap(({ heading }, index): Fault[] => {
    const usual = usualColumnOf(heading);
    const path = [index, 'heading'];
    if (fixed.includes(usual)) {
      const message = `stands for the column ${usual}, which cannot be replaced: by it rows are found again`;
      return [{ path, message, hint: 'Give the column another heading' }];
    }
    const name = compared(usual ?? heading);
    const first = taken.get(name);
    taken.set(name, first ?? index);
    if (name === '' || first === undefined) return [];
    return [
      { path, message: 'stands for the column of an earlier entry', hint: 'Give each column a heading of its own' },
    ];
  });
}

const Headings = z.array(z.object({ heading: z.string().catch('') }).catch({ heading: '' })).catch([]);
