/** What a name in a template stands for: its kind, what it is, and an example. */
export type Shape = Leaf | Group | List;

export interface Leaf {
  readonly kind: 'text' | 'time' | 'number' | 'truth' | 'anything';
  readonly about: string;
  readonly example: string | number | boolean;
}

export interface Group {
  readonly kind: 'group';
  readonly about: string;
  readonly fields: Readonly<Record<string, Shape>>;
}

export interface List {
  readonly kind: 'list';
  readonly about: string;
  readonly of: Shape;
}

/** The values of a shape. Null: unknown, or there is none; it is rendered as nothing. */
export type ValueOf<S> = S extends { readonly kind: 'group'; readonly fields: infer Fields }
  ? { readonly [Name in keyof Fields]: ValueOf<Fields[Name]> } | null
  : S extends { readonly kind: 'list'; readonly of: infer Item }
    ? readonly ValueOf<Item>[] | null
    : S extends { readonly kind: 'number' }
      ? number | null
      : S extends { readonly kind: 'truth' }
        ? boolean | null
        : string | null;

const text = (about: string, example: string) => ({ kind: 'text', about, example }) as const;
const time = (about: string, example: string) => ({ kind: 'time', about, example }) as const;
const number = (about: string, example: number) => ({ kind: 'number', about, example }) as const;
const truth = (about: string, example: boolean) => ({ kind: 'truth', about, example }) as const;
const group = <const Fields extends Readonly<Record<string, Shape>>>(about: string, fields: Fields) =>
  ({ kind: 'group', about, fields }) as const;
const list = <const Item extends Shape>(about: string, of: Item) => ({ kind: 'list', about, of }) as const;

const person = (about: string, name: string, username: string) =>
  group(about, {
    name: text('As it is shown in GitLab.', name),
    username: text('Without the @.', username),
  });

const reviewer = group('A reviewer.', {
  name: text('As it is shown in GitLab.', 'Bo Chen'),
  username: text('Without the @.', 'bchen'),
  state: text('GitLab’s review state: approved, reviewed, requested_changes, unreviewed …', 'approved'),
  approved_at: time('When the approval was given; nothing where none stands.', '2026-09-21T13:59:40.120Z'),
});

const check = (id: string, name: string, reason: string, sentence: string) =>
  group('A control check.', {
    id: text('Its id.', id),
    name: text('What it asks.', name),
    reason: text('The code of the reason.', reason),
    sentence: text('The reason, for people.', sentence),
  });

const label = text('The title of a label.', 'security::high');

/**
 * Everything that a template can name. From this the documentation is made, by this templates are checked, and the sample
 * against which they are tried is made of the examples.
 */
export const model = group('Everything.', {
  change: group('The merge request.', {
    reference: text('As GitLab writes it.', 'acme/payments!7'),
    title: text('Its title.', 'Harden token check'),
    url: text('Its address.', 'https://gitlab.example/acme/payments/-/merge_requests/7'),
    project: text('The full path of its project.', 'acme/payments'),
    iid: number('Its number within the project.', 7),
    source_branch: text('Where it came from.', 'aruiz/sec-123'),
    target_branch: text('Where it was merged into.', 'main'),
    author: person('Who opened it.', 'Ana Ruiz', 'aruiz'),
    created_at: time('When it was opened.', '2026-09-20T08:00:00.000Z'),
    merged_by: person('Who merged it.', 'Mira Lund', 'mlund'),
    merged_at: time('When it was merged.', '2026-09-21T14:13:25.000Z'),
    labels: list('Its labels at the merge; the same as labels.', label),
  }),
  labels: list('The labels at the merge.', label),
  reviewers: list('Who was asked to review, or approved; nil where GitLab could not be read.', reviewer),
  approvers: list('Those of the reviewers whose approval stands; nil where GitLab could not be read.', reviewer),
  verdict: group('What the control checks say.', {
    overall: text('pass, fail or undetermined.', 'fail'),
    summary: text('The first reason against it; nothing where it passed.', 'RC-02 Nobody approved it.'),
    failed: list(
      'The blocking checks that failed.',
      check('RC-02', 'Independent approval', 'nobody_approved', 'Nobody approved it.'),
    ),
    undetermined: list(
      'The blocking checks that could not be decided.',
      check(
        'RC-06',
        'Final revision approved',
        'approved_revision_unknown',
        'Nothing says which revision was approved: no hook, and no time of the approval.',
      ),
    ),
  }),
  issue: group('The linked issue; nil where there is not exactly one.', {
    identifier: text('As Linear writes it.', 'SEC-123'),
    url: text('Its address.', 'https://linear.app/acme/issue/SEC-123'),
    title: text('Its title; only in the row.', 'Tokens for other audiences are taken'),
    closed: truth('Whether it was closed for this change; only in the confirmation.', true),
  }),
  record: group('The record of the review.', {
    id: text('Its id.', 'SEC-0123456789abcdef'),
    url: text('Its page in Countersign.', 'https://countersign.example/records/SEC-0123456789abcdef'),
  }),
  row: group('The row on the audit page.', {
    url: text(
      'Its address; only in the confirmation, and nothing where no row was written.',
      'https://wiki.example/4711',
    ),
  }),
  log: group('The ledger.', {
    head: text('Its newest head, shortened.', '128:q1Xb0b2m7k8VYw3s'),
    entry: number('The number of the record’s entry; only in the row.', 12),
  }),
  pod: text('The pod whose change it is; nothing where no pod matches.', 'payments'),
  summary: group(
    'The summary by a model; nil where there is none. Where a confirmation does not show it, it is added by itself.',
    {
      text: text(
        'One sentence, marked as what it is.',
        'Machine-written (anthropic/claude-sonnet): Tokens are refused where their audience is another.',
      ),
      model: text('The model that wrote it.', 'anthropic/claude-sonnet'),
    },
  ),
});

/** What a template is rendered with. */
export type Values = NonNullable<ValueOf<typeof model>>;

/** Exemplary values: the examples; or, `bare`, those of a change of which next to nothing is known. */
export function sampleValues(bare = false): object {
  return Object.fromEntries(Object.entries(model.fields).map(([name, field]) => [name, sampleOf(field, bare)]));
}

function sampleOf(shape: Shape, bare: boolean): unknown {
  if (shape.kind === 'group') {
    return Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, sampleOf(field, bare)]));
  }
  if (shape.kind === 'list') return bare ? [] : [sampleOf(shape.of, false)];
  return bare ? null : shape.example;
}
