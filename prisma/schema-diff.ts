import { readFile } from 'node:fs/promises';
import { withSchemaEngine } from './schema-engine.ts';

const SCHEMA = new URL('schema.prisma', import.meta.url);
const NO_FILTERS = { externalTables: [], externalEnums: [] };

/**
 * What the migrations say by hand and schema.prisma does not: indexes with a condition, and which
 * relations are foreign keys in the database (none on the append-only tables).
 */
const WRITTEN_BY_HAND: ReadonlySet<string> = new Set([
  'AddForeignKey',
  'DropForeignKey',
  'DropIndex',
]);

/** The SQL that brings a migrated database to the schema; empty when it is there. */
export async function diffFromDatabase(url: string, schema?: string): Promise<string> {
  const files = [{ path: 'prisma/schema.prisma', content: schema ?? (await readSchema()) }];
  const script = await diff(url, { tag: 'schemaDatasource', files, configDir: '.' }, files);
  const steps = script.split(/^(?=-- [A-Z])/m);
  return steps
    .filter((step) => !WRITTEN_BY_HAND.has(nameOf(step)))
    .join('')
    .trim();
}

/** The SQL that makes everything in schema.prisma. The engine wants a database, and leaves it alone. */
export async function diffFromEmpty(url: string): Promise<string> {
  const files = [{ path: 'prisma/schema.prisma', content: await readSchema() }];
  return diff(url, { tag: 'empty' }, files);
}

/** Its text, as it is in the repository. */
export function readSchema(): Promise<string> {
  return readFile(SCHEMA, 'utf8');
}

interface File {
  path: string;
  content: string;
}

type From = { tag: 'empty' } | { tag: 'schemaDatasource'; files: File[]; configDir: string };

async function diff(url: string, from: From, files: File[]): Promise<string> {
  const { stdout } = await withSchemaEngine(url, (engine) =>
    engine.diff({
      from,
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    }),
  );
  return stdout ?? '';
}

/** `-- AddForeignKey` */
function nameOf(step: string): string {
  return /^-- (\w+)/.exec(step)?.[1] ?? '';
}
