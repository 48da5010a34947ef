import {
  buildSchema,
  GraphQLError,
  isScalarType,
  valueFromASTUntyped,
  type GraphQLScalarType,
  type GraphQLSchema,
} from 'graphql';
import { filterTypes } from './filters.ts';
import { foreignTypes } from './foreign.ts';
import { historyTypes } from './history.ts';
import { inputTypes } from './inputs.ts';
import { issueTypes } from './issue.ts';
import { organizationTypes } from './organization.ts';
import { partTypes } from './parts.ts';
import { rootTypes } from './roots.ts';
import { teamTypes } from './team.ts';

const sdl = [
  rootTypes,
  inputTypes,
  filterTypes,
  issueTypes,
  partTypes,
  historyTypes,
  teamTypes,
  organizationTypes,
  foreignTypes,
].join('\n');

const date = /^\d{4}-\d{2}-\d{2}$/;
const duration = /^-?P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/;

const checks: Readonly<Record<string, (value: unknown) => boolean>> = {
  DateTime: isInstant,
  DateTimeOrDuration: (value) => isInstant(value) || (typeof value === 'string' && duration.test(value)),
  TimelessDate: (value) => typeof value === 'string' && date.test(value),
  TimelessDateOrDuration: (value) => typeof value === 'string' && (date.test(value) || duration.test(value)),
  JSONObject: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** The part of Linear's schema that the sandbox serves: names, arguments and nullability are Linear's. */
export function createSchema(): GraphQLSchema {
  const schema = buildSchema(sdl);
  for (const [name, accepts] of Object.entries(checks)) {
    const scalar = schema.getType(name);
    if (isScalarType(scalar)) restrict(scalar, accepts);
  }
  return schema;
}

function restrict(scalar: GraphQLScalarType, accepts: (value: unknown) => boolean): void {
  scalar.parseValue = (value) => {
    if (!accepts(value)) throw new GraphQLError(`${scalar.name} cannot represent value: ${JSON.stringify(value)}`);
    return value;
  };
  scalar.parseLiteral = (node, variables) => scalar.parseValue(valueFromASTUntyped(node, variables));
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-/.test(value) && !Number.isNaN(Date.parse(value));
}
