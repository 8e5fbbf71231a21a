import { setTimeout as pause } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Prisma, PrismaClient } from '../../prisma/generated/client/client.ts';
import { isRefusal } from '../kit/refusal.ts';
import { codeOf, isDeadlock } from './outage.ts';
import { createWaitOut, type WaitOut } from './wait-out.ts';

/** One SQL statement, prepared once per connection under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Somewhere statements can be sent: a transaction of either kind. */
export interface Queryable {
  query<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/** A transaction that Prisma opened: its models, and plain statements beside them. */
export interface Tx extends Queryable {
  readonly prisma: Prisma.TransactionClient;
}

export interface Db {
  /** For reads of the graph; writes go through a transaction. */
  readonly prisma: PrismaClient;
  /**
   * Runs `work` in one transaction. It commits when `work` returns, and rolls back when it throws or
   * returns a refusal: a refused operation leaves no row. It is run again when it has lost a deadlock, so
   * that what it leaves outside the transaction must be the same then.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * The same on a bare `pg` connection in pipeline mode, for the hot path: statements sent without
   * awaiting each other share a round trip. `work` need not wait for what it sends last: the commit
   * travels with it, and a statement that fails fails the transaction.
   */
  hotTransaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** The same for what no charge waits for, on connections of its own: it cannot take those of charges. */
  backgroundTransaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** A single statement outside any transaction. */
  readonly direct: Queryable;
  /** For those who follow something: they go on when the database is back. */
  readonly waitOut: WaitOut;
  close(): Promise<void>;
}

export interface DbOptions {
  readonly url: string;
  /** Connections for the graph's reads and ordinary writes. */
  readonly poolSize: number;
  /** Called with errors of idle connections; the pool replaces them by itself. */
  readonly onIdleError: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const TRANSACTION_TIMEOUT_MS = 15_000;
const LOCK_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;

/** One for each lane, and one to spare while a broken one is replaced. */
const HOT_POOL_SIZE = 3;

/** For the sequencer, the tasks of a worker, and the requests that do a part of them at once. */
const BACKGROUND_POOL_SIZE = 5;

/**
 * The hot statements look rows up by key, however many at a time. Left to itself the planner was seen to
 * read whole tables, because they were small when it planned or because the arrays were long; and what it
 * finds once holds for all that a connection sends.
 */
const LOOK_UP_BY_KEY = `SELECT set_config('plan_cache_mode', 'force_generic_plan', false),
  set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', false),
  set_config('enable_mergejoin', 'off', false)`;

export function createDb(options: DbOptions): Db {
  const shared = {
    connectionString: options.url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'drawdown',
    keepAlive: true,
    // A peer that has died holding a wallet must not hold it for ever. Much longer than Prisma's own
    // limit: Prisma rolls back then, and must find the connection there.
    idle_in_transaction_session_timeout: 4 * TRANSACTION_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
  };
  const pool = new pg.Pool({
    ...shared,
    max: options.poolSize,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  const openPipelined = (max: number) =>
    new pg.Pool({
      ...shared,
      max,
      // Its connections are kept, with the statements they have prepared.
      idleTimeoutMillis: 0,
      pipeline: true,
    } as pg.PoolConfig);
  const hotPool = openPipelined(HOT_POOL_SIZE);
  const backgroundPool = openPipelined(BACKGROUND_POOL_SIZE);
  // The pool hangs its whole client on the error, with every statement it has prepared.
  let isClosing = false;
  const report = (error: Error) => {
    // Whoever stops the database may be quicker than our goodbyes, and that is no news then.
    if (!isClosing) options.onIdleError(new Error(error.message));
  };
  for (const each of [pool, hotPool, backgroundPool]) {
    each.on('error', report);
    // While somebody uses a connection the pool does not listen to it, and an error that nobody hears
    // ends the process; the statement that was under way fails anyhow.
    each.on('connect', (client) => client.on('error', () => undefined));
  }
  for (const each of [hotPool, backgroundPool]) {
    // A connection that cannot be told is broken, and whoever got it will hear so.
    each.on('connect', (client) => void client.query(LOOK_UP_BY_KEY).catch(() => undefined));
  }
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: { maxWait: CONNECT_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS },
  });

  return {
    prisma,
    transaction: (work) => againAfterDeadlock(() => inPrismaTransaction(prisma, work)),
    hotTransaction: (work) => inHotTransaction(hotPool, work),
    backgroundTransaction: (work) => inHotTransaction(backgroundPool, work),
    direct: { query: (statement, values) => send(pool, statement, values) },
    waitOut: createWaitOut(() => pool.query('SELECT 1')),
    async close() {
      isClosing = true;
      await prisma.$disconnect();
      await Promise.all([hotPool.end(), backgroundPool.end(), pool.ended ? undefined : pool.end()]);
    },
  };
}

/** How often a transaction is begun that others stand in the way of. */
const MAX_ATTEMPTS = 4;
/** The pause before another attempt, times the number of those before. */
const PAUSE_MS = 20;

/** Who has lost a deadlock has done nothing, and is alone in the way of nobody a moment later. */
async function againAfterDeadlock<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isDeadlock(error)) throw error;
      await pause(attempt * PAUSE_MS);
    }
  }
}

async function inPrismaTransaction<T>(
  prisma: PrismaClient,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  let refused: T | undefined;
  const rollBack = Symbol('refused');
  try {
    return await prisma.$transaction(async (client) => {
      const outcome = await work(prismaTx(client));
      if (!isRefusal(outcome)) return outcome;
      refused = outcome;
      throw rollBack;
    });
  } catch (error) {
    if (error === rollBack) return refused as T;
    throw error;
  }
}

function prismaTx(client: Prisma.TransactionClient): Tx {
  return {
    prisma: client,
    query: (statement, values) => client.$queryRawUnsafe(statement.text, ...values),
  };
}

async function send<Row>(
  to: pg.Pool | pg.PoolClient,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const { name, text } = statement;
  const result = await to.query({ name, text, values: values as unknown[] });
  return result.rows as Row[];
}

const IN_FAILED_TRANSACTION = '25P02';

async function inHotTransaction<T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Nobody else listens while the connection is ours, and an error that nobody hears ends the process.
  const onBroken = (error: Error) => {
    broken = error;
  };
  client.on('error', onBroken);
  const sent: Promise<unknown>[] = [];
  let firstFailure: unknown;
  const track = <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    answer.catch((error) => {
      firstFailure ??= error;
    });
    sent.push(answer);
    return answer;
  };
  try {
    // Not awaited: BEGIN travels with the first statements of the work, and COMMIT with the last.
    track(client.query('BEGIN'));
    const result = await work({
      query: <Row>(statement: Statement, values: readonly unknown[]) =>
        track(send<Row>(client, statement, values)),
    });
    const committed = track(client.query('COMMIT'));
    await Promise.all(sent);
    const { command } = await committed;
    if (command !== 'COMMIT') throw new Error(`A transaction ended with ${command}.`);
    return result;
  } catch (error) {
    if (!broken) await client.query('ROLLBACK').catch(onBroken);
    // What was sent behind a statement that failed says only that one did, and may be what was waited for.
    throw codeOf(error) === IN_FAILED_TRANSACTION ? firstFailure : error;
  } finally {
    client.off('error', onBroken);
    client.release(broken);
  }
}

/** Prisma's code for a row that would have been there twice. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'P2002';
}
