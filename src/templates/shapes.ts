import type { Leaf, List, Shape } from './model.ts';

const leaf = (kind: Leaf['kind']): Leaf => ({ kind, about: '', example: '' });

/** What a template makes itself: of these nothing more is known than their kind. */
export const textShape = leaf('text');
export const numberShape = leaf('number');
export const truthShape = leaf('truth');
export const anything = leaf('anything');

/** A list of something. */
export function listOf(of: Shape): List {
  return { kind: 'list', about: '', of };
}

/** What a loop knows of itself. */
export const forloop: Shape = {
  kind: 'group',
  about: '',
  fields: {
    index: numberShape,
    index0: numberShape,
    rindex: numberShape,
    rindex0: numberShape,
    length: numberShape,
    first: truthShape,
    last: truthShape,
  },
};

/** What a name within a value stands for; undefined where there is no such thing. A null segment is known at its time. */
export function step(shape: Shape, segment: string | null): Shape | undefined {
  if (shape.kind === 'anything') return anything;
  if (shape.kind === 'group') return segment === null ? undefined : own(shape.fields, segment);
  if (segment === 'size' && (shape.kind === 'list' || shape.kind === 'text')) return numberShape;
  if (shape.kind !== 'list') return undefined;
  return segment === null || /^(first|last|-?\d+)$/.test(segment) ? shape.of : undefined;
}

/** What can be named within a value. */
export function knownIn(shape: Shape): string[] {
  if (shape.kind === 'group') return Object.keys(shape.fields);
  if (shape.kind === 'list') return ['first', 'last', 'size'];
  return shape.kind === 'text' ? ['size'] : [];
}

/** How a value is called in a message. */
export function kindName({ kind }: Shape): string {
  return kindNames[kind];
}

const kindNames: Readonly<Record<Shape['kind'], string>> = {
  text: 'text',
  time: 'a time',
  number: 'a number',
  truth: 'yes or no',
  list: 'a list',
  group: 'a group of values',
  anything: 'unknown',
};

function own(fields: Readonly<Record<string, Shape>>, name: string): Shape | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
