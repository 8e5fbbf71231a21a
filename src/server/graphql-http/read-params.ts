/** What a POST brings along. */
export interface PostedParams {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: { readonly [name: string]: unknown } | null;
}

const NAMES = new Set(['query', 'operationName', 'variables', 'extensions']);

/** Null for a body that is not what GraphQL over HTTP wants; to tell why is left to others. */
export function readParams(bytes: Buffer): PostedParams | null {
  const body = parse(bytes.toString());
  if (!isRecord(body) || !Object.keys(body).every((name) => NAMES.has(name))) return null;
  const { query, operationName = null, variables = null, extensions = null } = body;
  if (typeof query !== 'string') return null;
  if (operationName !== null && typeof operationName !== 'string') return null;
  if (variables !== null && !isRecord(variables)) return null;
  if (extensions !== null && !isRecord(extensions)) return null;
  return { query, operationName, variables };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
