import { ProviderError } from '../../provider.ts';
import { type JsonRpc, quantity, RPC_ERROR, readQuantity } from './json-rpc.ts';

/** What one transaction has brought to an address. */
export interface Transfer {
  /** The hash of the transaction: also in another block it is the same payment. */
  readonly tx: string;
  readonly block: number;
  readonly units: bigint;
  /** The address that it came from. */
  readonly from: string;
}

/** `Transfer(address,address,uint256)` */
const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';

/** By a token, to an address; both in any case. */
export interface Path {
  readonly token: string;
  readonly to: string;
}

/** Transfers in some blocks from a first one on. */
export interface Reach {
  readonly found: readonly Transfer[];
  /** The last block that was looked through. */
  readonly until: number;
}

/** Looked through with one request, where a node does that. */
const MOST_BLOCKS = 10_000;

/**
 * Finds transfers in as many blocks at once as the node looks through. Nodes differ in how many those are, and do not say so
 * in one way: a range that is refused is halved, down to a single block, and the next one is twice as wide as what was not.
 */
export function createFindTransfers(ask: JsonRpc) {
  let width = MOST_BLOCKS;
  return async (path: Path, from: number, last: number): Promise<Reach> => {
    for (;;) {
      const until = Math.min(from + width - 1, last);
      try {
        const found = await findIn(ask, path, from, until);
        width = Math.min(Math.max(width, 2 * (until - from + 1)), MOST_BLOCKS);
        return { found, until };
      } catch (error) {
        if (from >= until || !isTooWide(error)) throw error;
        width = Math.ceil((until - from + 1) / 2);
      }
    }
  };
}

async function findIn(ask: JsonRpc, path: Path, from: number, until: number): Promise<Transfer[]> {
  const topics = [TRANSFER, null, wordOf(path.to)];
  const [fromBlock, toBlock] = [quantity(from), quantity(until)];
  const logs = await ask('eth_getLogs', [{ address: path.token, topics, fromBlock, toBlock }]);
  return readLogs(logs, path, from, until);
}

function isTooWide(error: unknown): boolean {
  if (!(error instanceof ProviderError)) return false;
  return error.code === RPC_ERROR || error.code === 'ANSWER_TOO_LARGE';
}

/** Those that were asked for, whatever else a node answers; several of one transaction are one. */
function readLogs(raw: unknown, path: Path, from: number, until: number): Transfer[] {
  if (!Array.isArray(raw)) throw badLog();
  const found = new Map<string, Transfer>();
  for (const log of raw) {
    const transfer = readLog(log, path);
    if (transfer === null || transfer.block < from || transfer.block > until) continue;
    const units = (found.get(transfer.tx)?.units ?? 0n) + transfer.units;
    found.set(transfer.tx, { ...transfer, units });
  }
  return [...found.values()];
}

/** Null for one that is about something else, or moves nothing. */
function readLog(raw: unknown, { token, to }: Path): Transfer | null {
  const { address, topics, data, blockNumber, transactionHash, removed } = (raw ?? {}) as Log;
  if (typeof address !== 'string' || !Array.isArray(topics)) throw badLog();
  const [signature, sender, receiver] = topics.map((topic) => String(topic).toLowerCase());
  if (removed === true || address.toLowerCase() !== token.toLowerCase()) return null;
  if (signature !== TRANSFER || receiver !== wordOf(to) || topics.length !== 3) return null;
  if (typeof transactionHash !== 'string' || !/^0x[0-9a-f]{64}$/i.test(transactionHash)) {
    throw badLog();
  }
  const units = readQuantity(data);
  if (units === 0n) return null;
  const block = Number(readQuantity(blockNumber));
  return {
    tx: transactionHash.toLowerCase(),
    block,
    units,
    from: `0x${(sender ?? '').slice(-40)}`,
  };
}

interface Log {
  readonly address?: unknown;
  readonly topics?: unknown;
  readonly data?: unknown;
  readonly blockNumber?: unknown;
  readonly transactionHash?: unknown;
  readonly removed?: unknown;
}

/** An address as a word of 32 bytes. */
function wordOf(address: string): string {
  return `0x${address.slice(2).toLowerCase().padStart(64, '0')}`;
}

function badLog(): ProviderError {
  return new ProviderError('BAD_ANSWER', 'The node answered no logs where some belong.', true);
}
