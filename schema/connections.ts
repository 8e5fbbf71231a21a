import { type GraphQLSchema, isObjectType } from 'graphql';
import { invalid } from '../src/kit/refusal.ts';
import { badUserInput } from './faults.ts';

const MAX_PAGE = 100;

/**
 * Makes every connection refuse a page of less than 1 or more than 100, instead of giving another, and a
 * cursor that is none of ours.
 */
export function boundPages(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const names = new Set(field.args.map((arg) => arg.name));
      const { resolve } = field;
      if (!resolve || !(names.has('first') && names.has('after'))) continue;
      field.resolve = async (source, args, context, info) => {
        checkPage(args);
        try {
          return await resolve(source, args, context, info);
        } catch (error) {
          throw isBadCursor(error, args) ? badCursor() : error;
        }
      };
    }
  }
  return schema;
}

/** Prisma's code for a value that its column cannot hold: the cursor was not made by us. */
const INCONSISTENT_COLUMN_DATA = 'P2007';

function isBadCursor(error: unknown, args: { after?: unknown; before?: unknown }): boolean {
  if (args.after == null && args.before == null) return false;
  return error instanceof Error && 'code' in error && error.code === INCONSISTENT_COLUMN_DATA;
}

function badCursor() {
  return badUserInput(
    invalid({ path: 'after', code: 'BAD_FORMAT', message: 'Not a cursor of ours.' }),
  );
}

function checkPage(args: { readonly first?: number | null; readonly last?: number | null }): void {
  for (const name of ['first', 'last'] as const) {
    const size = args[name];
    if (size == null || (size >= 1 && size <= MAX_PAGE)) continue;
    const message = `A page has 1 to ${MAX_PAGE} items.`;
    throw badUserInput(invalid({ path: name, code: 'OUT_OF_RANGE', message }));
  }
}
