import {
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Place } from './graph-documents.ts';
import { CALLS } from './tenant-calls.ts';
import { FREE_NAMES, NAMES_NOTHING } from './tenant-names.ts';
import { Reference } from './tenant-reference.ts';

/** What the calls do not say about a place: nobody could tell whether it leads to somebody else's. */
export function unknownTo(place: Place): string[] {
  const calls = CALLS[place.name];
  if (!calls) return [`${place.name}: say in CALLS how it is called.`];
  return place.field.args
    .flatMap((arg) => {
      const given = calls.map((call) => (call as Record<string, unknown>)[arg.name]);
      return leavesOf(`${place.name}(${arg.name})`, arg.type, given);
    })
    .filter((leaf) => !NAMES_NOTHING.has(leaf) && !FREE_NAMES.test(leaf))
    .map((leaf) => `${leaf}: refer to something with it in CALLS, or list it in NAMES_NOTHING.`);
}

/** The ids and texts below an input that no call fills with a reference. */
function leavesOf(name: string, type: GraphQLInputType, given: readonly unknown[]): string[] {
  if (given.some((value) => value instanceof Reference)) return [];
  if (isNonNullType(type)) return leavesOf(name, type.ofType, given);
  if (isListType(type))
    return leavesOf(
      name,
      type.ofType,
      given.flatMap((value) => value ?? []),
    );
  const target = getNamedType(type);
  if (!isInputObjectType(target)) return ['ID', 'String'].includes(target.name) ? [name] : [];
  return Object.values(target.getFields()).flatMap((field) => {
    const inner = given.map(
      (value) => (value as Record<string, unknown> | undefined)?.[field.name],
    );
    return leavesOf(`${target.name}.${field.name}`, field.type, inner);
  });
}
