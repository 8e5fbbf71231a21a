import { startEmbeddedPostgres, joinEmbeddedPostgres } from './src/infra/embedded-postgres.ts';
import { createLog } from './src/infra/log.ts';
const t = performance.now();
const log = createLog({level:'debug'});
try {
const s = await (process.argv[3]==='join'?joinEmbeddedPostgres:startEmbeddedPostgres)({dataDir: process.argv[2]!, log});
console.log(s.url, performance.now()-t);
if (process.argv[3]==='hang') { process.on('SIGTERM', async () => { await s.stop(); console.log('stopped'); process.exit(0)}); setInterval(()=>{}, 1000); }
else { await s.stop(); console.log('stopped', performance.now()-t);}
} catch (e) { console.log('FAILED', (e as Error).name, (e as Error).message, performance.now()-t); process.exitCode=1 }
