import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import * as catalog from '../../src/cli/documents/catalog.ts';
import * as importPrices from '../../src/cli/documents/import-prices.ts';
import * as replay from '../../src/cli/documents/replay.ts';

const documents = Object.entries({ ...catalog, ...importPrices, ...replay });

test.each(documents)('the document %s of the command line fits the schema', (_name, text) => {
  expect(validate(schema, parse(text)).map((error) => error.message)).toEqual([]);
});
