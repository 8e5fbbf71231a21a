import { startEmbeddedPostgres } from './src/infra/embedded-postgres.ts';
import { createMigrator } from './src/infra/migrate.ts';
import { readMigrations } from './src/infra/migrations.ts';
import { createLog } from './src/infra/log.ts';
import pg from 'pg';
const log = createLog({level:'silent'});
const s = await startEmbeddedPostgres({dataDir: '/tmp/house/d2', log});
try {
const m = createMigrator({url: s.url});
console.log(await m.status());
const t=performance.now();
console.log(await Promise.all([m.apply(), createMigrator({url:s.url}).apply()]), performance.now()-t);
console.log(await m.status());
const all = readMigrations();
console.log((await createMigrator({url:s.url, migrations: []}).status()).problem);
console.log((await createMigrator({url:s.url, migrations: [{...all[0]!, checksum:'x'}]}).status()).problem);
console.log((await createMigrator({url:s.url, migrations: [...all, {name:'0000_x', checksum:'x', sql:'select 1'}]}).status()).problem);
await createMigrator({url:s.url, migrations: [...all, {name:'9999_x', checksum:'x', sql:'create table zzz(a int); select 1/0'}]}).apply().catch(e => console.log(e.message));
console.log(await m.status());
const c = new pg.Client(s.url); await c.connect(); console.log((await c.query('select * from _prisma_migrations')).rows, (await c.query("select to_regclass('zzz')")).rows); await c.query("insert into _prisma_migrations(id,checksum,migration_name) values('a','b','0002_half')"); await c.end();
console.log((await m.status()).problem);
await createMigrator({url:'postgres://localhost:1/x'}).status().catch(e=>console.log(e.message));
await createMigrator({url:s.url.replace('drawdown:','drawdown:x')}).status().catch(e=>console.log(e.message));
} finally { await s.stop(); }
