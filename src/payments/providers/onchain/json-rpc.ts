import { ProviderError } from '../../provider.ts';
import type { CallJson } from '../json-api.ts';

/** Asks a node; nothing that is asked changes anything. Throws a ProviderError when there is no result. */
export type JsonRpc = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** The code of a ProviderError for what a node refuses: a range too wide, a state it has forgotten, too many requests. */
export const RPC_ERROR = 'RPC_ERROR';

export function createJsonRpc(url: URL, call: CallJson): JsonRpc {
  return async (method, params) => {
    const body = { jsonrpc: '2.0', id: 1, method, params };
    const { status, body: answer } = await call({ method: 'POST', url, body });
    const { result, error } = (answer ?? {}) as { result?: unknown; error?: { code?: unknown } };
    if (result != null) return result;
    // Its message may repeat the address, and with it a key.
    const code = typeof error?.code === 'number' ? error.code : `status ${status}`;
    throw new ProviderError(RPC_ERROR, `The node answered ${method} with error ${code}.`, true);
  };
}

/** A number as nodes write it: `0x1b4`. */
export function readQuantity(raw: unknown): bigint {
  if (typeof raw === 'string' && /^0x[0-9a-f]{1,64}$/i.test(raw)) return BigInt(raw);
  throw new ProviderError('BAD_ANSWER', 'The node answered no number where one belongs.', true);
}

export function quantity(value: number): string {
  return `0x${value.toString(16)}`;
}
