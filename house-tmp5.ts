import { readFileSync } from 'node:fs';
import * as bg from '@prisma/schema-engine-wasm/schema_engine_bg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import { startEmbeddedPostgres } from './src/infra/embedded-postgres.ts';
import { createMigrator } from './src/infra/migrate.ts';
import { createLog } from './src/infra/log.ts';
import pg from 'pg';
const log = createLog({level:'silent'});
const s = await startEmbeddedPostgres({dataDir: '/tmp/house/d3', log});
await createMigrator({url:s.url}).apply();
const bytes = readFileSync(new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm')));
const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bg as never });
bg.__wbg_set_wasm(instance.exports);
(instance.exports as any).__wbindgen_start();
const content = readFileSync('prisma/schema.prisma','utf8');
const files=[{path:'prisma/schema.prisma',content}];
const pool = new pg.Pool({connectionString:s.url});
const engine = await bg.SchemaEngine.new({ datamodels: [['prisma/schema.prisma',content]] }, ()=>{}, bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool)));
const filters={externalTables:[],externalEnums:[]};
for (const from of [{tag:'schemaDatasource', files, configDir:'.'}, {tag:'url', url:s.url}] as const) try {
const r = await engine.diff({ from , to:{tag:'schemaDatamodel', files}, script:true, exitCode:null, filters });
console.log(r.stdout);
} catch (e) { console.log(from.tag, (e as Error).message) }
engine.free(); await pool.end();
await s.stop();
