import { createHash } from 'node:crypto';
import { breakOff, type FaultyServer, startFaultyServer } from './faulty-server.ts';

/** What happens in a block: a token moves, or with null the chain's own coin. */
interface Move {
  readonly tx: string;
  readonly token: string | null;
  readonly from: string;
  readonly to: string;
  readonly units: bigint;
}

type Block = Move[];

export interface Token {
  readonly address: string;
  readonly decimals: number;
}

export interface JsonRpcStandIn extends FaultyServer {
  /** The number of the newest block. */
  head(): number;
  /** Adds empty blocks. */
  mine(blocks: number): void;
  /** Adds a block in which units come to an address; its transaction. */
  transfer(token: string | null, to: string, units: bigint): string;
  /** Adds a block in which a transaction of before comes again, after it was lost. */
  include(tx: string): void;
  /** Puts other, empty blocks in the place of the newest ones, and one more. */
  reorganise(blocks: number): void;
  /** Takes units of the chain's own coin away from an address. */
  sweep(address: string, units: bigint): void;
  /** Ranges of more blocks than this are refused. */
  limitRange(blocks: number): void;
  /** Logs behind this block are not found, as by a node that is behind; null finds all. */
  hideLogsAfter(block: number | null): void;
  /** Logs are found whatever they are about. */
  ignoreFilters(): void;
  /** Every request breaks off until it is up again. */
  goDown(): void;
  comeUp(): void;
  /** How often a method was asked. */
  asked(method: string): number;
}

const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const PAYER = '0x90f79bf6eb2c4f870365e785982e1f101e93b906';

const hex = (value: number | bigint) => `0x${value.toString(16)}`;
const word = (value: string | bigint) => {
  const digits = typeof value === 'bigint' ? value.toString(16) : value.slice(2).toLowerCase();
  return `0x${digits.padStart(64, '0')}`;
};

/** A chain in memory, behind the JSON-RPC of its node. */
export async function startJsonRpcStandIn(options: {
  readonly chainId: number;
  readonly tokens: readonly Token[];
  /** Blocks that there are from the beginning. */
  readonly blocks?: number;
}): Promise<JsonRpcStandIn> {
  const { chainId, tokens } = options;
  const blocks: Block[] = Array.from({ length: options.blocks ?? 100 }, () => []);
  const moves = new Map<string, Move>();
  const asked = new Map<string, number>();
  let isDown = false;
  let maxRange = 10_000;
  let hiddenAfter: number | null = null;
  let isFiltering = true;
  const head = () => blocks.length - 1;

  function balance(address: string, until: number): bigint {
    return blocks.slice(0, until + 1).reduce((sum, block) => sum + gained(block, address), 0n);
  }

  function logs({ address, topics, fromBlock, toBlock }: LogFilter): object[] | Failure {
    const [from, until] = [Number(fromBlock), Number(toBlock)];
    if (until - from + 1 > maxRange) return new Failure(-32_005, 'range too wide');
    return blocks.flatMap((block, number) => {
      if (number < from || number > until || (hiddenAfter !== null && number > hiddenAfter))
        return [];
      return block
        .map((move, index) => logOf(move, number, index))
        .filter(
          (log) =>
            log !== null &&
            (!isFiltering ||
              (log.address === address.toLowerCase() &&
                topics.every((topic, index) => topic === null || log.topics[index] === topic))),
        ) as object[];
    });
  }

  function answerTo(method: string, params: readonly unknown[]): unknown {
    switch (method) {
      case 'eth_chainId':
        return hex(chainId);
      case 'eth_blockNumber':
        return hex(head());
      case 'eth_getBalance': {
        const [address, tag] = params as [string, string];
        return hex(balance(address.toLowerCase(), tag === 'latest' ? head() : Number(tag)));
      }
      case 'eth_getLogs':
        return logs((params as [LogFilter])[0]);
      case 'eth_call': {
        const [{ to }] = params as [{ readonly to: string }];
        const token = tokens.find(({ address }) => address.toLowerCase() === to.toLowerCase());
        return token ? word(BigInt(token.decimals)) : '0x';
      }
      default:
        return new Failure(-32_601, `there is no ${method}`);
    }
  }

  const server = await startFaultyServer(({ body }) => {
    if (isDown) server.lose(breakOff);
    const { id, method, params } = JSON.parse(body);
    asked.set(method, (asked.get(method) ?? 0) + 1);
    const result = answerTo(method, params);
    if (!(result instanceof Failure)) return { status: 200, body: { jsonrpc: '2.0', id, result } };
    return { status: 200, body: { jsonrpc: '2.0', id, error: { ...result } } };
  });

  function add(token: string | null, from: string, to: string, units: bigint): string {
    const tx = `0x${createHash('sha256').update(String(moves.size)).digest('hex')}`;
    const move = { tx, token, from, to: to.toLowerCase(), units };
    moves.set(tx, move);
    blocks.push([move]);
    return tx;
  }

  return {
    ...server,
    head,
    mine(count) {
      for (let mined = 0; mined < count; mined += 1) blocks.push([]);
    },
    transfer: (token, to, units) => add(token, PAYER, to, units),
    include(tx) {
      const move = moves.get(tx);
      if (!move) throw new Error(`There was never a transaction ${tx}.`);
      // Not the first of its block, so that its log has another number too.
      blocks.push([{ ...move, tx: `0x${'ee'.repeat(32)}`, token: `0x${'00'.repeat(20)}` }, move]);
    },
    reorganise(count) {
      blocks.splice(blocks.length - count, count);
      for (let mined = 0; mined <= count; mined += 1) blocks.push([]);
    },
    sweep(address, units) {
      add(null, address.toLowerCase(), PAYER, units);
    },
    limitRange(count) {
      maxRange = count;
    },
    hideLogsAfter(block) {
      hiddenAfter = block;
    },
    ignoreFilters() {
      isFiltering = false;
    },
    goDown() {
      isDown = true;
    },
    comeUp() {
      isDown = false;
    },
    asked: (method) => asked.get(method) ?? 0,
  };
}

interface LogFilter {
  readonly address: string;
  readonly topics: readonly (string | null)[];
  readonly fromBlock: string;
  readonly toBlock: string;
}

class Failure {
  readonly code: number;
  readonly message: string;

  constructor(code: number, message: string) {
    this.code = code;
    this.message = message;
  }
}

function gained(block: Block, address: string): bigint {
  return block
    .filter(({ token }) => token === null)
    .reduce(
      (sum, { from, to, units }) =>
        sum + (to === address ? units : 0n) - (from === address ? units : 0n),
      0n,
    );
}

function logOf({ tx, token, from, to, units }: Move, block: number, index: number) {
  if (token === null) return null;
  return {
    address: token.toLowerCase(),
    topics: [TRANSFER, word(from), word(to)],
    data: word(units),
    blockNumber: hex(block),
    transactionHash: tx,
    logIndex: hex(index),
    removed: false,
  };
}
