import { TypeGuards, type ValueToken } from 'liquidjs';
import { filterTable, type FilterEntry } from './filter-table.ts';
import type { Shape } from './model.ts';
import { anything, kindName, knownIn, listOf, numberShape, step, textShape, truthShape } from './shapes.ts';
import { unknownWord, type TemplateFault } from './template-fault.ts';

type Fault = Omit<TemplateFault, 'line'>;

/** The use of a filter in a template. */
export interface FilterUse {
  readonly name: string;
  /** What it is applied to. */
  readonly shape: Shape;
  readonly args: readonly (ValueToken | undefined)[];
}

/** What is wrong with the use of a filter; undefined where nothing is. */
export function filterFault({ name, shape, args }: FilterUse): Fault | undefined {
  const entry = entryOf(name);
  if (entry === undefined) {
    const known = filterTable.map((one) => one.name);
    return {
      ...unknownWord(name, known, `${name} is not a filter that can be used here`),
      hint: 'docs/templates.md lists them',
    };
  }
  const [least, most] = entry.args;
  if (args.length < least || args.length > most) {
    const count = least === most ? `${least}` : `${least} to ${most}`;
    return {
      message: `${name} takes ${count} ${most === 1 ? 'value' : 'values'} after it`,
      hint: `For example: ${entry.example}`,
    };
  }
  if (!fits(entry, shape)) {
    return {
      message: `${name} is for ${entry.takes}, and gets ${kindName(shape)}`,
      hint: `For example: ${entry.example}`,
    };
  }
  return entry.field === true ? fieldFault(entry, shape, args[0]) : undefined;
}

/** What a filter gives, when nothing is wrong with its use. */
export function givenBy({ name, shape, args }: FilterUse): Shape {
  const entry = entryOf(name)!;
  const entryShape = shape.kind === 'list' ? shape.of : anything;
  switch (entry.gives) {
    case 'text':
      return textShape;
    case 'number':
      return numberShape;
    case 'truth':
      return truthShape;
    case 'list of text':
      return listOf(textShape);
    case 'field list':
      return listOf(fieldOf(entryShape, args[0]) ?? anything);
    case 'entry':
      return entryShape;
    case 'same':
    case 'list':
      return shape;
  }
}

function entryOf(name: string): FilterEntry | undefined {
  return filterTable.find((one) => one.name === name);
}

function fits({ takes }: FilterEntry, shape: Shape): boolean {
  if (shape.kind === 'anything' || takes === 'anything') return shape.kind !== 'group';
  switch (takes) {
    case 'text':
      return shape.kind === 'text' || shape.kind === 'time' || shape.kind === 'number' || shape.kind === 'truth';
    case 'time':
      return shape.kind === 'time';
    case 'number':
      return shape.kind === 'number' || shape.kind === 'text';
    case 'list':
      return shape.kind === 'list';
    case 'people': {
      const person = shape.kind === 'list' ? shape.of : shape;
      return person.kind === 'anything' || (person.kind === 'group' && Object.hasOwn(person.fields, 'username'));
    }
  }
}

// The field is named by a text, so it can be looked up before anything is rendered.
function fieldFault({ name, example }: FilterEntry, shape: Shape, field: ValueToken | undefined): Fault | undefined {
  if (field === undefined || shape.kind !== 'list' || shape.of.kind === 'anything') return undefined;
  if (!TypeGuards.isQuotedToken(field)) {
    return { message: `${name} takes the name of a field in quotes`, hint: `For example: ${example}` };
  }
  if (fieldOf(shape.of, field) !== undefined) return undefined;
  return unknownWord(field.content, knownIn(shape.of), `${field.content} is not a field of the list's entries`);
}

function fieldOf(shape: Shape, field: ValueToken | undefined): Shape | undefined {
  if (field === undefined || !TypeGuards.isQuotedToken(field)) return undefined;
  return field.content
    .split('.')
    .reduce<Shape | undefined>((at, segment) => (at === undefined ? undefined : step(at, segment)), shape);
}
