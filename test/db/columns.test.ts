import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arrayLiteral } from '../../src/infra/array-literal.ts';
import { columns } from '../../src/infra/columns.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

// PostgreSQL is the judge of what was written in its own format.

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

async function readBack(type: string, column: Buffer | string): Promise<unknown[]> {
  const text = `SELECT value::text FROM unnest($1::${type}[]) AS value`;
  const { rows } = await client.query({ text, values: [column] });
  return rows.map((row) => row.value);
}

const asIs = (value: string | null) => value;

const TEXTS = ['', 'plain', 'NULL', '{"a","b"}', 'back\\slash "quoted"', 'zwölf €', '👩‍🚀 𝄞', null];

test('texts arrive as they are, whatever is in them', async () => {
  expect(await readBack('text', columns.text(TEXTS, asIs))).toEqual(TEXTS);
});

test('ids arrive, in whichever case they are written', async () => {
  const ids = [
    '01890a5d-ac96-774b-bcce-b302099a8057',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    null,
  ];
  expect(await readBack('uuid', columns.uuid(ids, asIs))).toEqual(ids);
  const upper = ids.map((id) => id?.toUpperCase() ?? null);
  expect(await readBack('uuid', columns.uuid(upper, asIs))).toEqual(ids);
});

test('JSON and bytes arrive', async () => {
  const documents = ['{}', '{"a": "ü\\"\\\\", "n": 1.50}', null];
  expect(await readBack('jsonb', columns.jsonb(documents, asIs))).toEqual(documents);
  const bytes = ['', '00ff10', null];
  const expected = ['\\x', '\\x00ff10', null];
  expect(await readBack('bytea', columns.bytea(bytes, asIs))).toEqual(expected);
});

test('a column may be empty, and larger than the memory that columns share', async () => {
  expect(await readBack('uuid', columns.uuid([], asIs))).toEqual([]);
  const long = Array.from({ length: 20 }, (_, index) => `${index} ${'x'.repeat(10_000)}`);
  expect(await readBack('text', columns.text(long, asIs))).toEqual(long);
});

test('columns that are made together do not write into each other', async () => {
  const texts = Array.from({ length: 300 }, (_, index) => `text ${index}`);
  const made = Array.from({ length: 40 }, () => columns.text(texts, asIs));
  for (const column of made) expect(await readBack('text', column)).toEqual(texts);
});

test('numbers and nulls are written as literals', async () => {
  const numbers = [0, -1, 2 ** 53 - 1, null];
  const literal = arrayLiteral(numbers, (number) => number);
  expect(await readBack('bigint', literal)).toEqual(['0', '-1', '9007199254740991', null]);
});
