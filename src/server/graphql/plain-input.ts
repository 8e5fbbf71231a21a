import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';

/** What graphql-js has to look at itself: something is wrong with it, or it is written in an uncommon way. */
export const UNUSUAL = Symbol('unusual');

/** What graphql-js makes of a value that is given for an input, or `UNUSUAL`. */
type Coerce = (value: unknown) => unknown;

type Variables = { readonly [name: string]: unknown };

/** What graphql-js makes of the variables of one operation, or `UNUSUAL`. */
export type CoerceVariables = (given: Variables) => Variables | typeof UNUSUAL;

interface PlannedVariable {
  readonly name: string;
  readonly coerce: Coerce;
  readonly isNonNull: boolean;
}

/**
 * Made once for an operation: graphql-js reads types and fields of inputs anew for each request, and keeps
 * the way to each value in case it is wrong. Null where variables have defaults.
 */
export function planVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): CoerceVariables | null {
  const coercers = new Map<GraphQLInputType, Coerce>();
  const planned: PlannedVariable[] = [];
  for (const definition of variableDefinitions) {
    const variable = planVariable(schema, definition, coercers);
    if (!variable) return null;
    planned.push(variable);
  }
  return (given) => {
    const coerced: Record<string, unknown> = {};
    for (const { name, coerce, isNonNull } of planned) {
      if (!Object.hasOwn(given, name)) {
        if (isNonNull) return UNUSUAL;
        continue;
      }
      const value = coerce(given[name]);
      if (value === UNUSUAL) return UNUSUAL;
      coerced[name] = value;
    }
    return coerced;
  };
}

function planVariable(
  schema: GraphQLSchema,
  { variable, type: node, defaultValue }: VariableDefinitionNode,
  coercers: Map<GraphQLInputType, Coerce>,
): PlannedVariable | null {
  const type = typeFromAST(schema, node);
  const name = variable.name.value;
  // It would be no property like the others.
  if (defaultValue || !isInputType(type) || name === '__proto__') return null;
  return { name, coerce: coercerOf(type, coercers), isNonNull: isNonNullType(type) };
}

function coercerOf(type: GraphQLInputType, known: Map<GraphQLInputType, Coerce>): Coerce {
  const found = known.get(type);
  if (found) return found;
  // A type may be within itself: it is looked up again when there is a value.
  known.set(type, (value) => (known.get(type) as Coerce)(value));
  const coerce = makeCoercer(type, known);
  known.set(type, coerce);
  return coerce;
}

function makeCoercer(type: GraphQLInputType, known: Map<GraphQLInputType, Coerce>): Coerce {
  if (isNonNullType(type)) {
    const coerce = coercerOf(type.ofType, known);
    return (value) => (value === null ? UNUSUAL : coerce(value));
  }
  if (isListType(type)) return listCoercer(coercerOf(type.ofType, known));
  if (isInputObjectType(type)) return objectCoercer(type, known);
  return leafCoercer(type);
}

function leafCoercer(type: GraphQLLeafType): Coerce {
  return (value) => {
    if (value === null) return null;
    try {
      return type.parseValue(value) ?? UNUSUAL;
    } catch {
      return UNUSUAL;
    }
  };
}

function listCoercer(coerceItem: Coerce): Coerce {
  return (value) => {
    if (value === null) return null;
    if (!Array.isArray(value)) return UNUSUAL;
    const items: unknown[] = [];
    for (const item of value) {
      const coerced = coerceItem(item);
      if (coerced === UNUSUAL) return UNUSUAL;
      items.push(coerced);
    }
    return items;
  };
}

interface PlannedInput {
  readonly name: string;
  readonly coerce: Coerce;
  readonly isRequired: boolean;
  readonly defaultValue: unknown;
}

function objectCoercer(type: GraphQLInputObjectType, known: Map<GraphQLInputType, Coerce>): Coerce {
  const fields = Object.values(type.getFields()).map(
    (field): PlannedInput => ({
      name: field.name,
      coerce: coercerOf(field.type, known),
      isRequired: isNonNullType(field.type) && field.defaultValue === undefined,
      defaultValue: field.defaultValue,
    }),
  );
  return (value) => {
    if (value === null) return null;
    if (typeof value !== 'object' || Array.isArray(value)) return UNUSUAL;
    const given = value as Record<string, unknown>;
    const coerced: Record<string, unknown> = {};
    let left = Object.keys(given).length;
    for (const { name, coerce, isRequired, defaultValue } of fields) {
      const one = given[name];
      if (one === undefined) {
        if (isRequired) return UNUSUAL;
        if (defaultValue !== undefined) coerced[name] = defaultValue;
        continue;
      }
      const of = coerce(one);
      if (of === UNUSUAL) return UNUSUAL;
      coerced[name] = of;
      left -= 1;
    }
    // Some of what is given has a name that the type does not know.
    if (left > 0) return UNUSUAL;
    return type.isOneOf && !isOne(coerced) ? UNUSUAL : coerced;
  };
}

function isOne(coerced: Record<string, unknown>): boolean {
  const values = Object.values(coerced);
  return values.length === 1 && values[0] !== null;
}
