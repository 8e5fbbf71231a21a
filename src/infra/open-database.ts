import { startEmbeddedPostgres } from './embedded-postgres.ts';
import type { Log } from './log.ts';

export interface OpenDatabase {
  readonly url: string;
  /** Stops PostgreSQL if it was started here. */
  close(): Promise<void>;
}

/** The database that the configuration names, or the embedded one of the data folder. */
export async function openDatabase(
  config: { readonly databaseUrl: string | null; readonly dataDir: string },
  log: Log,
): Promise<OpenDatabase> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, close: async () => undefined };
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
  return { url: postgres.url, close: postgres.stop };
}
