/** A file as the rules of the house see it. */
export interface SourceFile {
  /** From the project's root, with forward slashes: `src/ledger/post.ts`. */
  readonly path: string;
  readonly source: string;
}

/** The same text, blanked in two ways: an offset found in one is the same place in all of them. */
export interface SourceText {
  readonly source: string;
  /** Without comments, and without the insides of strings and regular expressions. */
  readonly code: string;
  /** Without everything else. */
  readonly comments: string;
}

interface Span {
  readonly kind: 'comment' | 'text';
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"|[`{}/]/g;
/** From inside a template literal to its end, or into its next `${`. */
const TEMPLATE_PART = /(?:\\[\s\S]|\$(?!\{)|[^\\`$])*(?:`|\$\{)/y;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const BEFORE_REGEX = /(?:^|[([{,;:=!&|?+*%~^<>-]|\b(?:return|typeof|case|of|do|else|void))$/;

/** Enough of a tokenizer for rules about words; it understands neither types nor expressions. */
export function readSource(source: string): SourceText {
  const spans = findSpans(source);
  const comments = spans.filter((span) => span.kind === 'comment');
  const rest = [0, ...comments.flatMap(({ start, end }) => [start, end]), source.length];
  return {
    source,
    code: blank(source, spans),
    comments: blank(source, pairs(rest)),
  };
}

/** One-based, as editors count. */
export function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}

function findSpans(source: string): Span[] {
  const spans: Span[] = [];
  /** How deep in braces the current `${` is, for each template literal that is open. */
  const depths: number[] = [];
  const token = new RegExp(TOKEN);
  for (let match = token.exec(source); match; match = token.exec(source)) {
    const first = match[0].slice(0, 2);
    const [start, end] = [match.index, token.lastIndex];
    if (first === '//' || first === '/*') spans.push({ kind: 'comment', start, end });
    else if (/['"]/.test(first)) spans.push({ kind: 'text', start: start + 1, end: end - 1 });
    else if (first === '/') token.lastIndex = pushRegex(spans, source, start);
    else if (first === '`' || closesHole(first, depths)) {
      token.lastIndex = pushTemplatePart(spans, depths, source, end);
    }
  }
  return spans;
}

/** Counts the brace; true when it ends a `${` of a template literal. */
function closesHole(brace: string, depths: number[]): boolean {
  const depth = depths.pop();
  if (depth === undefined) return false;
  if (brace === '}' && depth === 0) return true;
  depths.push(brace === '{' ? depth + 1 : depth - 1);
  return false;
}

function pushTemplatePart(spans: Span[], depths: number[], source: string, start: number): number {
  const part = matchAt(TEMPLATE_PART, source, start);
  const opens = part.endsWith('${');
  if (opens) depths.push(0);
  spans.push({ kind: 'text', start, end: start + part.length - (opens ? 2 : 1) });
  return start + part.length;
}

/** A slash divides, unless what stands before it cannot be divided. */
function pushRegex(spans: Span[], source: string, start: number): number {
  const before = source.slice(Math.max(0, start - 40), start).trimEnd();
  const regex = BEFORE_REGEX.test(before) ? matchAt(REGEX, source, start) : '';
  if (regex) spans.push({ kind: 'text', start: start + 1, end: start + regex.lastIndexOf('/') });
  return start + Math.max(regex.length, 1);
}

function matchAt(pattern: RegExp, source: string, start: number): string {
  const sticky = new RegExp(pattern);
  sticky.lastIndex = start;
  return sticky.exec(source)?.[0] ?? '';
}

function pairs(offsets: readonly number[]): { start: number; end: number }[] {
  const even = offsets.filter((_, index) => index % 2 === 0);
  return even.map((start, index) => ({ start, end: offsets[index * 2 + 1] ?? start }));
}

function blank(source: string, spans: readonly { start: number; end: number }[]): string {
  let [blanked, done] = ['', 0];
  for (const { start, end } of spans) {
    blanked += source.slice(done, start) + source.slice(start, end).replaceAll(/[^\n]/g, ' ');
    done = end;
  }
  return blanked + source.slice(done);
}
