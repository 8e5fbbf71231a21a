import { startEmbeddedPostgres } from '../../src/infra/embedded-postgres.ts';
import { createLog } from '../../src/infra/log.ts';

// A process that holds a data folder until it is told to stop, or killed. Says one line of JSON.

const [, , dataDir = ''] = process.argv;

try {
  const { url, stop } = await startEmbeddedPostgres({
    dataDir,
    log: createLog({ level: 'silent' }),
  });
  process.stdout.write(`${JSON.stringify({ url })}\n`);
  const keepAlive = setInterval(() => undefined, 60_000);
  process.once('SIGTERM', async () => {
    await stop();
    clearInterval(keepAlive);
  });
} catch (error) {
  process.stdout.write(`${JSON.stringify({ refusal: (error as Error).message })}\n`);
}
