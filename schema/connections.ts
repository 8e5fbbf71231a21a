import { type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql';
import { type IssueCode, invalid } from '../src/kit/refusal.ts';
import type { Context } from './context.ts';
import { CURSORS, type CursorKind } from './cursor.ts';
import { badUserInput } from './faults.ts';

const MAX_PAGE = 100;

type PageArgs = PothosSchemaTypes.DefaultConnectionArguments;
type Connection = GraphQLField<unknown, Context, PageArgs>;

/**
 * Makes every connection refuse a page of less than 1 or more than 100, instead of giving another, and a
 * cursor that it did not write.
 */
export function boundPages(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const names = new Set(field.args.map((arg) => arg.name));
      if (names.has('first') && names.has('after')) bound(field);
    }
  }
  return schema;
}

function bound(field: Connection): void {
  const { resolve, extensions } = field;
  if (!resolve) return;
  const kind = (extensions.cursors ?? 'id') as CursorKind;
  const checked = (args: PageArgs): PageArgs => {
    checkPage(args, kind);
    return args;
  };
  field.resolve = (source, args, context, info) => resolve(source, checked(args), context, info);
  // A list inside an object is loaded with the object, from arguments that are read before it resolves.
  const mappers = (extensions.pothosArgMappers ?? []) as unknown[];
  field.extensions = { ...extensions, pothosArgMappers: [...mappers, checked] };
}

function checkPage({ first, last, after, before }: PageArgs, kind: CursorKind): void {
  checkSize('first', first);
  checkSize('last', last);
  checkCursor('after', after, kind);
  checkCursor('before', before, kind);
  if ((first ?? after) == null || (last ?? before) == null) return;
  const [forward, backward] = [first == null ? 'after' : 'first', last == null ? 'before' : 'last'];
  throw bad(backward, 'NOT_ALLOWED', `Goes the other way than ${forward}: give one of the two.`);
}

function checkSize(name: 'first' | 'last', size: number | null | undefined): void {
  if (size == null || (size >= 1 && size <= MAX_PAGE)) return;
  throw bad(name, 'OUT_OF_RANGE', `A page has 1 to ${MAX_PAGE} items.`);
}

function checkCursor(name: 'after' | 'before', text: string | null | undefined, kind: CursorKind) {
  if (text == null || CURSORS[kind](text)) return;
  throw bad(name, 'BAD_FORMAT', 'Not a cursor of this list: take `cursor` of one of its edges.');
}

function bad(path: string, code: IssueCode, message: string) {
  return badUserInput(invalid({ path, code, message }));
}
