import { arrayLiteral } from '../infra/array-literal.ts';
import { columns } from '../infra/columns.ts';
import type { Queryable } from '../infra/db.ts';
import { exact, stored } from '../kit/decimal.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Counter, CounterKey, TakenReading } from './counter.ts';
import type { Observed } from './observe.ts';
import {
  FIND_KEYS,
  INSERT_READINGS,
  READ_BESIDE_ALL,
  type SeriesRow,
} from './sql/read-readings.ts';

/** A value that is about to be counted. */
export interface Asked {
  readonly key: CounterKey;
  readonly observed: Observed;
}

/** What was found out about counters, until it is put to them. */
export interface GatheredReadings {
  readonly keys: ReadonlyMap<string, Set<string>>;
  readonly series: ReadonlyMap<string, { at: Date; value: bigint }[]>;
}

const NOTHING: GatheredReadings = { keys: new Map(), series: new Map() };

/** What has to be known of the readings before these values can be counted; asks nothing when there are none. */
export async function gatherReadings(
  tx: Queryable,
  asked: readonly Asked[],
): Promise<GatheredReadings> {
  if (asked.length === 0) return NOTHING;
  const [keys, series] = await Promise.all([findKeys(tx, asked), readSeries(tx, asked)]);
  return { keys, series };
}

async function findKeys(tx: Queryable, asked: readonly Asked[]) {
  const unique = asked.filter(({ observed }) => observed.key !== null);
  const found = new Map<string, Set<string>>();
  if (unique.length === 0) return found;
  const rows = await tx.query<{ position: number }>(FIND_KEYS, [
    ...keyColumns(unique.map(({ key }) => key)),
    columns.text(unique, ({ observed }) => observed.key),
  ]);
  for (const { position } of rows) {
    const { key, observed } = unique[position - 1] as Asked;
    const keys = found.get(key.name) ?? new Set();
    found.set(key.name, keys.add(observed.key ?? ''));
  }
  return found;
}

/** Between the readings beside two instants there are none that matter to a value of either. */
async function readSeries(tx: Queryable, asked: readonly Asked[]) {
  const wanted = new Map<string, { readonly key: CounterKey; readonly atMs: number }>();
  for (const { key, observed } of asked) {
    const atMs = askedAt(observed);
    if (atMs !== null) wanted.set(`${key.name} ${atMs}`, { key, atMs });
  }
  const series = new Map<string, { at: Date; value: bigint }[]>();
  if (wanted.size === 0) return series;
  const places = [...wanted.values()];
  const names = [...new Set(places.map(({ key }) => key.name))];
  const numberOf = new Map(names.map((name, number) => [name, number]));
  const rows = await tx.query<SeriesRow>(READ_BESIDE_ALL, [
    ...keyColumns(places.map(({ key }) => key)),
    arrayLiteral(places, ({ atMs }) => atMs),
    arrayLiteral(places, ({ key }) => numberOf.get(key.name) ?? null),
  ]);
  for (const [number, own] of groupBy(rows, ({ counter }) => counter)) {
    const readings = own.map(({ occurred_at: at, value }) => ({ at, value: exact(value) }));
    series.set(names[number] as string, readings);
  }
  return series;
}

/** Where it matters what was said before and after; of LATEST only the last of all does. */
function askedAt({ aggregation, at }: Observed): number | null {
  if (aggregation === 'LATEST') return Number.POSITIVE_INFINITY;
  return aggregation === 'TIME_WEIGHTED_SUM' ? at.getTime() : null;
}

/** Puts what was found out to the counters that are asked. */
export function openReadings(
  counters: readonly Counter[],
  asked: readonly Asked[],
  { keys, series }: GatheredReadings,
): void {
  if (asked.length === 0) return;
  const names = new Set(asked.map(({ key }) => key.name));
  for (const counter of counters) {
    const { name } = counter.key;
    if (!names.has(name)) continue;
    counter.readings = {
      keys: keys.get(name) ?? new Set(),
      series: series.get(name) ?? [],
      taken: [],
    };
  }
}

/** More than a batch has events, also one of a single large job: ranks of one version of a counter lie below those of the next. */
const RANKS = 4_096;

interface Row extends TakenReading {
  readonly counter: CounterKey;
  readonly rank: number;
}

/** Sends what was said of counters. */
export function writeReadings(
  tx: Queryable,
  counters: readonly Counter[],
): Promise<unknown> | null {
  const rows = counters.flatMap(({ key, version, readings }) =>
    (readings?.taken ?? []).map(
      (taken, at): Row => ({ ...taken, counter: key, rank: version * RANKS + at }),
    ),
  );
  if (rows.length === 0) return null;
  return tx.query(INSERT_READINGS, [
    columns.uuid(rows, ({ counter }) => counter.organizationId),
    columns.uuid(rows, ({ counter }) => counter.customerId),
    columns.uuid(rows, ({ counter }) => counter.countedId),
    columns.text(rows, ({ counter }) => counter.slice),
    arrayLiteral(rows, ({ counter }) => counter.period.start.getTime()),
    arrayLiteral(rows, ({ at }) => at.getTime()),
    arrayLiteral(rows, ({ rank }) => rank),
    arrayLiteral(rows, ({ value }) => stored(value)),
    columns.text(rows, ({ key }) => key),
    columns.uuid(rows, ({ usageEventId }) => usageEventId),
  ]);
}

function keyColumns(keys: readonly CounterKey[]): unknown[] {
  return [
    columns.uuid(keys, (key) => key.customerId),
    columns.uuid(keys, (key) => key.countedId),
    arrayLiteral(keys, (key) => key.period.start.getTime()),
    columns.text(keys, (key) => key.slice),
  ];
}
