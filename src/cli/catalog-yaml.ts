import { Document, isMap, isScalar, isSeq, Scalar, visit, type YAMLMap } from 'yaml';
import type { DocumentAnswer } from './documents/catalog.ts';

/** Written on one line: they are many, or say one thing. */
const ON_ONE_LINE = new Set([
  'dimensions',
  'discounts',
  'bonuses',
  'conversion',
  'filter',
  'rollover',
  'scope',
  'spendCap',
  'tiers',
  'windows',
]);
const LINE_WIDTH = 110;

/** Text that would be read as something else. A number would not: numbers are read as they are written. */
const READ_OTHERWISE = /^(?:|~|null|true|false)$/i;

/** A catalogue as a file for people: what it says and nothing else, amounts as plain numbers. */
export function catalogYaml(catalog: DocumentAnswer['catalogDocument']): string {
  const sections = Object.entries(catalog).map(([section, items]) => [
    section,
    items.map(({ definition, ...item }) => leavesOf({ ...item, ...(definition as object) })),
  ]);
  // Of text alone: what looks like a number is not put in quotes.
  const document = new Document(Object.fromEntries(sections), { schema: 'failsafe' });
  layOut(document);
  return document.toString({ lineWidth: LINE_WIDTH });
}

function leavesOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(leavesOf);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, leavesOf(each)]));
  }
  const leaf = new Scalar(String(value));
  if (typeof value === 'string' && READ_OTHERWISE.test(value)) leaf.type = 'QUOTE_DOUBLE';
  return leaf;
}

/** An empty line before each section and each plan, and short things on one line. */
function layOut(document: Document): void {
  visit(document, {
    Pair(_key, pair) {
      if (!isScalar(pair.key) || !ON_ONE_LINE.has(String(pair.key.value))) return undefined;
      const { value } = pair;
      if (isMap(value)) value.flow = true;
      else if (isSeq(value)) {
        const items = value.items.filter(isMap);
        // A list of objects is one of lines, each of them short; a list of words is a line itself.
        if (items.length === 0) value.flow = true;
        for (const item of items) item.flow = true;
      }
      return visit.SKIP;
    },
  });
  const root = document.contents as YAMLMap;
  for (const [index, { key, value }] of root.items.entries()) {
    if (index > 0 && isScalar(key)) key.spaceBefore = true;
    if (!isScalar(key) || key.value !== 'plans' || !isSeq(value)) continue;
    for (const item of value.items.slice(1)) if (isMap(item)) item.spaceBefore = true;
  }
}
