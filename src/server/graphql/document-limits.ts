import { EnvelopArmor } from '@escape.tech/graphql-armor';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Lexer,
  type ParseOptions,
  parse,
  Source,
  TokenKind,
  type ValidationContext,
  type ValidationRule,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { pageLimit } from './page-limit.ts';
import { selectionLimit } from './selection-limit.ts';

/** A batch of events belongs into variables; written into the document, about two hundred fit. */
const MAX_TOKENS = 5_000;
const MAX_DOCUMENT_CHARS = 256 * 1024;
/** Levels of fields; fragments add none. A connection costs three. */
export const MAX_DEPTH = 12;
/** Levels of brackets of any kind: of fields, and of values that are written into the document. */
export const MAX_NESTING = 100;
const OPENING = new Set<TokenKind>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<TokenKind>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);
const MAX_ALIASES = 30;
const MAX_DIRECTIVES = 5;

/**
 * The armour's rules report like any other rule. Left alone they throw, and a rule that throws inside
 * `validate` closes a whole WebSocket where one operation was wrong.
 */
const REPORT = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, error: GraphQLError) =>
      context?.reportError(limitExceeded(error.message.replace(/^Syntax Error: /, ''))),
  ],
};

const LIMITS: readonly ValidationRule[] = [
  selectionLimit,
  pageLimit,
  ...armourRules({
    maxDepth: { ...REPORT, n: MAX_DEPTH, flattenFragments: true },
    // The default list lets any number of aliases of `__typename` pass.
    maxAliases: { ...REPORT, n: MAX_ALIASES, allowList: [] },
    maxDirectives: { ...REPORT, n: MAX_DIRECTIVES },
    // graphql-js counts tokens itself, and much faster.
    maxTokens: { enabled: false },
    // It reads literal page sizes only; `pageLimit` counts what a page in a variable may cost.
    costLimit: { enabled: false },
    // Introspection is open, so there is nothing to hide from whoever mistypes a field.
    blockFieldSuggestion: { enabled: false },
  }),
];

/**
 * Refuses documents that are out of proportion, before the standard rules see them: some of those take
 * quadratic time. The verdict is kept with the document, which Yoga keeps by its text.
 */
export function documentLimits(): Plugin {
  const verdicts = new WeakMap<DocumentNode, readonly GraphQLError[]>();

  function judge(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
    const known = verdicts.get(document);
    if (known) return known;
    const errors = validate(schema, document, LIMITS);
    verdicts.set(document, errors);
    return errors;
  }

  return {
    onParams({ params }) {
      if (typeof params.query !== 'string' || params.query.length <= MAX_DOCUMENT_CHARS) return;
      throw limitExceeded(
        `Document limit of ${MAX_DOCUMENT_CHARS} characters exceeded; use variables.`,
      );
    },
    onParse({ setParseFn }) {
      setParseFn(parseBounded);
    },
    onValidate({ params, setResult }) {
      const errors = judge(params.schema, params.documentAST);
      if (errors.length > 0) setResult(errors);
    },
  };
}

function parseBounded(source: string | Source, options?: ParseOptions): DocumentNode {
  try {
    refuseNesting(typeof source === 'string' ? new Source(source) : source);
    return parse(source, { ...options, maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) {
      const code = error.message.includes('tokens. Parsing aborted')
        ? 'LIMIT_EXCEEDED'
        : 'GRAPHQL_PARSE_FAILED';
      error.extensions.code ??= code;
    }
    throw error;
  }
}

/** The parser, and what comes behind it, goes down the levels of a document by calling itself. */
function refuseNesting(source: Source): void {
  const lexer = new Lexer(source);
  let level = 0;
  for (let tokens = 0; tokens <= MAX_TOKENS; tokens += 1) {
    const { kind } = lexer.advance();
    if (kind === TokenKind.EOF) return;
    if (OPENING.has(kind)) level += 1;
    if (CLOSING.has(kind)) level -= 1;
    if (level > MAX_NESTING) {
      throw limitExceeded(`Document limit of ${MAX_NESTING} nested brackets exceeded.`);
    }
  }
}

export function limitExceeded(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'LIMIT_EXCEEDED', http: { status: 400, spec: true } },
  });
}

/** The armour hands its rules to Envelop one by one; here they are collected instead. */
function armourRules(config: ConstructorParameters<typeof EnvelopArmor>[0]): ValidationRule[] {
  const rules: ValidationRule[] = [];
  const collect = { addValidationRule: (rule: ValidationRule) => rules.push(rule) };
  for (const plugin of new EnvelopArmor(config).protect().plugins) {
    (plugin.onValidate as ((hook: typeof collect) => void) | undefined)?.(collect);
  }
  return rules;
}
