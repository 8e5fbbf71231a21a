import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
} from 'graphql';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { findExcess } from './yaml-excess.ts';

/** What is wrong with a file, and where: both count from 1. */
export interface FileFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A file as the input of a mutation. */
export interface YamlInput {
  readonly value: Readonly<Record<string, unknown>>;
  readonly faults: readonly FileFault[];
  /** Where in the file a place of the input is written, or what is around it. */
  faultAt(path: string, message: string): FileFault;
}

export interface YamlShape {
  readonly type: GraphQLInputObjectType;
  /** Whether a field of an input type may stand in a file. */
  allows(type: GraphQLInputObjectType, field: string): boolean;
  /** Fields whose own fields are written beside them: `{ SavePlanDraftInput: 'definition' }`. */
  readonly flat: Readonly<Record<string, string>>;
}

/** Reads YAML as an input type of the graph says it; numbers are taken as they are written. */
export function readYamlInput(text: string, shape: YamlShape): YamlInput {
  const excess = findExcess(text);
  if (excess) return { value: {}, faults: [excess], faultAt: () => excess };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const faults: FileFault[] = [];
  const places = new Map<string, number>([['', 0]]);

  function faultOf(offset: number, message: string): FileFault {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1), message };
  }

  function fail(node: Node | null, path: string, message: string): null {
    faults.push(faultOf(startOf(node) ?? places.get(path) ?? 0, message));
    return null;
  }

  function readObject(node: Node | null, type: GraphQLInputObjectType, path: string) {
    const fields = fieldsOf(type, shape);
    const known = [...fields.keys()].join(', ');
    if (!isMap(node)) return fail(node, path, `Must have fields: ${known}.`);
    const value: Record<string, unknown> = {};
    const given = new Set<string>();
    for (const [name, key, item] of pairsOf(node)) {
      const field = fields.get(name);
      if (!field) {
        const message = `There is no field "${name}" here; there are: ${known}.`;
        fail(key, path, message);
        continue;
      }
      given.add(name);
      const inside = below(path, field.inside);
      const at = below(inside, name);
      places.set(at, startOf(isScalar(item) ? item : key) ?? 0);
      const target = field.inside === '' ? value : objectIn(value, field.inside);
      target[name] = read(item, field.type, at);
    }
    for (const [name, { isRequired, inside }] of fields) {
      if (inside !== '') objectIn(value, inside);
      if (isRequired && !given.has(name)) fail(node, path, `The field "${name}" is missing.`);
    }
    return value;
  }

  function read(node: Node | null, given: GraphQLInputType, path: string): unknown {
    const type = getNullableType(given);
    if (isNothing(node)) {
      return type === given ? null : fail(node, path, 'Say what it is.');
    }
    if (isListType(type)) {
      if (!isSeq(node)) return fail(node, path, 'Must be a list.');
      return node.items.map((item, index) => {
        const at = below(path, String(index));
        places.set(at, startOf(item as Node) ?? 0);
        return read(item as Node, type.ofType as GraphQLInputType, at);
      });
    }
    if (isInputObjectType(type)) return readObject(node, type, path);
    if (type.name === 'JSON') return readJson(node, path);
    const value = scalarOf(node);
    if (value === undefined) return fail(node, path, 'Must be a single value.');
    if (isEnumType(type)) {
      const words = type.getValues().map(({ name }) => name);
      if (words.includes(String(value))) return value;
      return fail(node, path, `One of ${words.join(', ')}.`);
    }
    if (type.name === 'Boolean') {
      return typeof value === 'boolean' ? value : fail(node, path, 'Either true or false.');
    }
    if (typeof value === 'boolean') return fail(node, path, 'Must be text: put it in quotes.');
    if (type.name !== 'Int') return value;
    return /^-?\d{1,9}$/.test(value) ? Number(value) : fail(node, path, 'Must be a whole number.');
  }

  function readJson(node: Node | null, path: string): unknown {
    if (isMap(node)) {
      const entries = pairsOf(node).map(([name, , item]) => {
        const at = below(path, name);
        places.set(at, startOf(item) ?? 0);
        return [name, readJson(item, at)] as const;
      });
      return Object.fromEntries(entries);
    }
    if (isSeq(node)) return node.items.map((item) => readJson(item as Node, path));
    if (isNothing(node)) return null;
    return scalarOf(node) ?? fail(node, path, 'Write the value itself here.');
  }

  for (const { pos, message } of document.errors) {
    faults.push(faultOf(pos[0], message.split(/ at line |\n/, 1)[0] ?? message));
  }
  const isEmpty = isNothing(document.contents);
  const value = faults.length > 0 || isEmpty ? null : readObject(document.contents, shape.type, '');
  return {
    value: value ?? {},
    faults: faults.sort((a, b) => a.line - b.line || a.column - b.column),
    faultAt(path, message) {
      for (let place = path; ; place = place.slice(0, place.lastIndexOf('.'))) {
        const offset = places.get(place);
        if (offset !== undefined) return faultOf(offset, message);
        if (!place.includes('.')) return faultOf(0, message);
      }
    },
  };
}

interface Field {
  readonly type: GraphQLInputType;
  readonly isRequired: boolean;
  /** The field that it stands in, though the file does not write that one. */
  readonly inside: string;
}

function fieldsOf(type: GraphQLInputObjectType, shape: YamlShape): ReadonlyMap<string, Field> {
  const flat = shape.flat[type.name];
  return new Map(
    Object.values(type.getFields())
      .filter(({ name }) => shape.allows(type, name))
      .flatMap((field): [string, Field][] => {
        const inner = getNullableType(field.type);
        if (field.name === flat && isInputObjectType(inner)) {
          return [...fieldsOf(inner, shape)].map(([name, each]) => [
            name,
            { ...each, inside: flat },
          ]);
        }
        return [
          [field.name, { type: field.type, isRequired: isRequiredInputField(field), inside: '' }],
        ];
      }),
  );
}

function pairsOf(map: YAMLMap): [string, Node | null, Node | null][] {
  return map.items.map(({ key, value }) => [
    String(isScalar(key) ? key.value : key),
    key as Node | null,
    value as Node | null,
  ]);
}

function objectIn(value: Record<string, unknown>, name: string): Record<string, unknown> {
  value[name] ??= {};
  return value[name] as Record<string, unknown>;
}

function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** A number is a decimal, exactly as it is written. Undefined for what is no single value. */
function scalarOf(node: Node | null): string | boolean | undefined {
  if (!isScalar(node)) return undefined;
  const { value, source } = node;
  if (typeof value === 'number' || typeof value === 'bigint') return source ?? String(value);
  return typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
}

function startOf(node: Node | null): number | undefined {
  return node?.range?.[0];
}

function below(path: string, name: string): string {
  if (name === '') return path;
  return path === '' ? name : `${path}.${name}`;
}
