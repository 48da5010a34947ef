import {
  ForTag,
  Output,
  EchoTag,
  toValueSync,
  TypeGuards,
  Value,
  type PropertyAccessToken,
  type RangeToken,
  type Template,
  type Token,
  type ValueToken,
} from 'liquidjs';
import { filterFault, givenBy } from './filter-shapes.ts';
import type { Group, Shape } from './model.ts';
import { anything, forloop, kindName, knownIn, listOf, numberShape, step, textShape, truthShape } from './shapes.ts';
import { unknownWord, type TemplateFault } from './template-fault.ts';

/** What a walk through a template found. */
export interface Walked {
  readonly faults: readonly TemplateFault[];
}

/** Characters that no template may show, however they are written: the marks of links travel as such. */
export const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** A loop over more than this is a mistake. */
const longestRange = 1000;

/** Goes through a template as if it was rendered, every branch of it, and looks up each name and each filter. */
export function walk(templates: readonly Template[], values: Group): Walked {
  const faults: TemplateFault[] = [];
  // The innermost scope last; what a template assigns is in the first, as it is when it is rendered.
  const scopes: Map<string, Shape>[] = [new Map(Object.entries(values.fields))];

  function report(token: Token, fault: Omit<TemplateFault, 'line'>): void {
    faults.push({ line: token.getPosition()[0] ?? 1, ...fault });
  }

  function visit(part: Template): void {
    const given = [...(part.arguments?.() ?? [])].map(shapeOf);
    if (part instanceof Output || part instanceof EchoTag) checkShown(part, given[0]);
    if (part instanceof ForTag) scopes.push(loopScope(part, given[0]));
    if (part.children !== undefined) for (const child of toValueSync(part.children(false, true))) visit(child);
    if (part instanceof ForTag) scopes.pop();
    // Only assign and capture give names, and what is captured is text.
    for (const { content } of part.localScope?.() ?? []) scopes[0]!.set(content, given[0] ?? textShape);
  }

  function loopScope({ collection, variable }: ForTag, shape: Shape | undefined): Map<string, Shape> {
    if (shape !== undefined && shape.kind !== 'list' && shape.kind !== 'anything') {
      report(collection, { message: `${collection.getText()} is ${kindName(shape)}`, hint: 'Loop over a list' });
    }
    const each = shape?.kind === 'list' ? shape.of : anything;
    return new Map([
      ['forloop', forloop],
      [variable, each],
    ]);
  }

  function checkShown({ token }: Template, shape: Shape | undefined): void {
    const each = shape?.kind === 'list' ? shape.of : shape;
    if (each?.kind !== 'group') return;
    const names = Object.hasOwn(each.fields, 'username') ? 'Add | names, or name' : 'Name';
    const hint = `${names} one of its fields: ${knownIn(each).join(', ')}`;
    report(token, { message: `${token.getText()} has no text of its own`, hint });
  }

  function shapeOf(argument: Value | ValueToken): Shape {
    if (!(argument instanceof Value)) return shapeOfToken(argument);
    const { postfix } = argument.initial;
    const first = postfix[0];
    if (first !== undefined && leftBy(postfix) !== 1) {
      const message = `${first.getText()} and what follows it do not make one value`;
      report(first, { message, hint: 'Put an operator between values, or | before a filter' });
    }
    const operands = postfix.map((token) => (TypeGuards.isValueToken(token) ? shapeOfToken(token) : truthShape));
    let shape = operands.length === 1 ? operands[0]! : truthShape;
    for (const { name, args } of argument.filters) {
      const tokens = args.map((arg) => (Array.isArray(arg) ? arg[1] : arg));
      for (const token of tokens) if (token !== undefined) shapeOfToken(token);
      const use = { name, shape, args: tokens };
      const fault = filterFault(use);
      if (fault !== undefined && postfix[0] !== undefined) report(postfix[0], fault);
      shape = fault === undefined ? givenBy(use) : anything;
    }
    return shape;
  }

  function shapeOfToken(token: ValueToken): Shape {
    if (TypeGuards.isQuotedToken(token)) {
      if (controls.test(token.content)) {
        report(token, { message: `${token.getText()} holds control characters`, hint: 'Leave them out' });
      }
      return textShape;
    }
    if (TypeGuards.isNumberToken(token)) return numberShape;
    if (TypeGuards.isRangeToken(token)) return shapeOfRange(token);
    return TypeGuards.isPropertyAccessToken(token) ? shapeOfName(token) : anything;
  }

  function shapeOfRange(token: RangeToken): Shape {
    const ends = [token.lhs, token.rhs];
    for (const end of ends) shapeOfToken(end);
    const numbers = ends.filter((end) => TypeGuards.isNumberToken(end)).map(({ content }) => content);
    if (numbers.length === 2 && Math.abs(numbers[1]! - numbers[0]!) > longestRange) {
      const message = `${token.getText()} is longer than ${longestRange}`;
      report(token, { message, hint: 'Loop over a list' });
    }
    return listOf(numberShape);
  }

  function shapeOfName(token: PropertyAccessToken): Shape {
    const segments = token.props.map(segmentOf);
    for (const prop of token.props) if (TypeGuards.isPropertyAccessToken(prop)) shapeOfName(prop);
    let path = token.variable === undefined ? (segments.shift() ?? '') : token.variable.getText();
    let shape: Shape | undefined = token.variable === undefined ? lookUp(path) : shapeOfToken(token.variable);
    if (shape === undefined) {
      const known = scopes.flatMap((scope) => [...scope.keys()]);
      report(token, unknownWord(path, known, `${path} is not known`));
      return anything;
    }
    for (const segment of segments) {
      const next: Shape | undefined = step(shape, segment);
      if (next === undefined) {
        report(
          token,
          unknownWord(segment ?? '', knownIn(shape), `${path}${segment === null ? '[…]' : `.${segment}`} is not known`),
        );
        return anything;
      }
      path += segment === null ? '[…]' : `.${segment}`;
      shape = next;
    }
    return shape;
  }

  function lookUp(name: string): Shape | undefined {
    return scopes.findLast((scope) => scope.has(name))?.get(name);
  }

  for (const part of templates) visit(part);
  return { faults };
}

/** How many values an expression comes to. */
function leftBy(postfix: readonly Token[]): number {
  return postfix.reduce((sum, token) => {
    if (!TypeGuards.isOperatorToken(token)) return sum + 1;
    return token.operator === 'not' ? sum : sum - 1;
  }, 0);
}

/** The name in a path; null where it is chosen while the template is rendered. */
function segmentOf(prop: PropertyAccessToken['props'][number]): string | null {
  if (TypeGuards.isWordToken(prop) || TypeGuards.isQuotedToken(prop)) return prop.content;
  return TypeGuards.isNumberToken(prop) ? String(prop.content) : null;
}
