import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { type Exact, exact, plain } from '../src/kit/decimal.ts';
import { builder } from './builder.ts';

// Inputs pass through Decimal, DateTime and JSON unchecked: the operation checks them and answers with a
// ValidationError that names the path, and one wrong event does not fail the others of its batch.

builder.scalarType('Decimal', {
  description:
    'An exact decimal as a string in plain notation: no exponent, no leading `+`, no spaces. At most 26 digits before the point and 12 after it. Printed without trailing zeros: `"96.791325"`, `"0"`, `"-1.5"`.',
  serialize: textOf,
  parseValue: unchecked,
  parseLiteral: (node, variables) => unchecked(literalValue(node, variables)),
});

builder.scalarType('DateTime', {
  description:
    'An instant as an RFC 3339 string, answered in UTC with milliseconds: `"2026-01-31T12:00:00.000Z"`.',
  serialize: (value) => value.toISOString(),
  parseValue: unchecked,
  parseLiteral: (node, variables) => unchecked(literalValue(node, variables)),
});

builder.scalarType('JSON', {
  description: 'A JSON object: at most 50 keys, 8 levels and 16 KiB.',
  serialize: (value) => value,
  parseValue: unchecked,
  parseLiteral: (node, variables) => unchecked(literalValue(node, variables)),
});

builder.scalarType('SafeInt', {
  description: 'A whole number of at most 53 bits, for counters such as versions.',
  serialize: (value) => Number(value),
  parseValue: safeInteger,
  parseLiteral: (node) => safeInteger(node.kind === Kind.INT ? Number(node.value) : undefined),
});

/** Amounts come as our own steps, as Prisma's decimals, or as canonical text. */
function textOf(value: Exact | string | { toFixed(): string }): string {
  if (typeof value === 'string') return value;
  return plain(typeof value === 'bigint' ? value : exact(value));
}

type Unchecked = string | number | boolean | object;

function unchecked(value: unknown): Unchecked {
  return value as Unchecked;
}

function safeInteger(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new GraphQLError('SafeInt is a whole number of at most 53 bits.');
}

/** The JSON value of a literal in the document. A key named `__proto__` stays an ordinary key. */
function literalValue(node: ValueNode, variables?: Record<string, unknown> | null): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.ENUM:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    case Kind.LIST:
      return node.values.map((item) => literalValue(item, variables));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, literalValue(field.value, variables)]),
      );
  }
}
