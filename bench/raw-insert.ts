import type pg from 'pg';

/** Inserts the rows that a run wrote once more, as fast as `pg` can, and answers the events per second. */
export type RawInsert = (eventIdPrefix: string) => Promise<{ rate: number; connections: number }>;

/** The tables, and what says in each of a row which event it is of; a run of the log is of its first. */
const TABLES = {
  usage_events: 't.id',
  charges: 't.usage_event_id',
  ledger_entries: 't.cause_id',
  event_runs: `(t.events->0->'usageEventIds'->>0)::uuid`,
} as const;
const EVENTS_AT_ONCE = 100;
const CONNECTIONS = [1, 2, 4];

interface Source {
  readonly table: keyof typeof TABLES;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** The columns of one table for one batch of events, as `unnest` takes them. */
type Columns = (string | null)[][];

/**
 * What the product is measured against: one prepared statement a batch that inserts the events, charges,
 * entries and runs of the log of 100 events by `unnest` into tables with the same columns, checks and indexes. Nothing is
 * read, rated, locked or decided, no wallet and no grant is written, and the parameters lie ready. Each
 * number of connections has tables of its own, which keep their rows and grow from round to round as the
 * product's do: an insert into an empty table, whose index is small and whose pages are new, is another thing.
 */
export async function createRawInsert(pool: pg.Pool): Promise<RawInsert> {
  const sources = await Promise.all(
    (Object.keys(TABLES) as (keyof typeof TABLES)[]).map((table) => describe(pool, table)),
  );
  for (const connections of CONNECTIONS) {
    for (const { table } of sources) {
      await pool.query(`CREATE TABLE raw_${connections}_${table} (LIKE ${table} INCLUDING ALL)`);
    }
  }

  async function insertAll(batches: readonly Columns[], connections: number): Promise<number> {
    const statement = {
      name: `bench.raw_insert_${connections}`,
      text: insertText(sources, `raw_${connections}_`),
    };
    await pool.query('CHECKPOINT');
    const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
    let next = 0;
    const start = performance.now();
    await Promise.all(
      clients.map(async (client) => {
        for (let batch = batches[next++]; batch; batch = batches[next++]) {
          await client.query({ ...statement, values: batch });
        }
      }),
    );
    const seconds = (performance.now() - start) / 1000;
    for (const client of clients) client.release();
    return (batches.length * EVENTS_AT_ONCE) / seconds;
  }

  return async (eventIdPrefix) => {
    await untilNumbered(pool);
    const batches = await readBatches(pool, sources, eventIdPrefix);
    let best = { rate: 0, connections: 0 };
    for (const connections of CONNECTIONS) {
      const rate = await insertAll(batches, connections);
      if (rate > best.rate) best = { rate, connections };
    }
    return best;
  };
}

async function describe(pool: pg.Pool, table: Source['table']): Promise<Source> {
  const { rows } = await pool.query<Source['columns'][number]>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  );
  return { table, columns: rows };
}

function insertText(sources: readonly Source[], prefix: string): string {
  let parameter = 0;
  const inserts = sources.map(({ table, columns }) => {
    const arrays = columns.map(({ type }) => {
      parameter += 1;
      return `$${parameter}::${type}[]`;
    });
    return `INSERT INTO ${prefix}${table} SELECT * FROM unnest(${arrays.join(', ')})`;
  });
  const last = inserts.pop();
  return `WITH ${inserts.map((text, index) => `part_${index} AS (${text})`).join(', ')} ${last}`;
}

/** Whole batches only, in the order in which the events were recorded. */
async function readBatches(
  pool: pg.Pool,
  sources: readonly Source[],
  eventIdPrefix: string,
): Promise<Columns[]> {
  const batches: Columns[] = [];
  for (const { table, columns } of sources) {
    const arrays = columns.map(({ name }) => `array_agg(t.${name}::text) AS ${name}`);
    const { rows } = await pool.query({
      text: `WITH events AS (
          SELECT id, (row_number() OVER (ORDER BY id) - 1) / ${EVENTS_AT_ONCE} AS batch
          FROM usage_events WHERE starts_with(event_id, $1)
        )
        SELECT ${arrays.join(', ')} FROM events e JOIN ${table} t ON ${TABLES[table]} = e.id
        WHERE batch < (SELECT count(*) / ${EVENTS_AT_ONCE} FROM events)
        GROUP BY batch ORDER BY batch`,
      values: [eventIdPrefix],
      rowMode: 'array',
    });
    for (const [index, row] of (rows as unknown as Columns[]).entries()) {
      batches[index] = [...(batches[index] ?? []), ...row];
    }
  }
  return batches;
}

/** What was committed last is given its place in the log a moment later. */
async function untilNumbered(pool: pg.Pool): Promise<void> {
  let isNumbered = false;
  while (!isNumbered) {
    const { rows } = await pool.query('SELECT NOT EXISTS (SELECT 1 FROM event_outbox) AS numbered');
    isNumbered = rows[0].numbered;
  }
}
