import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

interface Measure {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

const usualPage = 50;

/** What an operation costs: 0.1 a scalar, 1 an object, a connection's children times its page size, rounded up. */
export function costOf(measure: Measure, operation: OperationDefinitionNode): number {
  const root = measure.schema.getRootType(operation.operation);
  if (!root) return 0;
  return Math.ceil(round(costOfSelection(measure, operation.selectionSet, root.name)));
}

function costOfSelection(measure: Measure, { selections }: SelectionSetNode, typeName: string): number {
  let cost = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      cost += costOfField(measure, selection, typeName);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      cost += costOfSelection(measure, selection.selectionSet, selection.typeCondition?.name.value ?? typeName);
    } else {
      const fragment = measure.document.definitions.find(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
      );
      if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) continue;
      cost += costOfSelection(measure, fragment.selectionSet, fragment.typeCondition.name.value);
    }
  }
  return cost;
}

function costOfField(measure: Measure, field: FieldNode, typeName: string): number {
  const parent = measure.schema.getType(typeName);
  const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
  if (definition === undefined) return field.name.value.startsWith('__') ? 0 : 0.1;
  const type = getNamedType(definition.type);
  if (!isCompositeType(type) || field.selectionSet === undefined) return 0.1;
  const children = costOfSelection(measure, field.selectionSet, type.name);
  const paged = definition.args.some(({ name }) => name === 'first');
  return 1 + (paged ? pageSize(measure, field) : 1) * children;
}

function pageSize({ variables }: Measure, field: FieldNode): number {
  for (const { name, value } of field.arguments ?? []) {
    if (name.value !== 'first' && name.value !== 'last') continue;
    if (value.kind === Kind.INT) return Number(value.value);
    const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
    if (typeof given === 'number') return given;
  }
  return usualPage;
}

// Tenths add up inexactly.
function round(cost: number): number {
  return Math.round(cost * 10) / 10;
}
