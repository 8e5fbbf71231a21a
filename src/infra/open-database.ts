import { startEmbeddedPostgres } from './embedded-postgres.ts';
import type { Log } from './log.ts';

export interface OpenDatabase {
  readonly url: string;
  /** Resolves when it is no longer ours to use, or has ended; the process must end then. */
  readonly lost: Promise<Error>;
  /** Stops PostgreSQL if it was started here. */
  close(): Promise<void>;
}

/** The database that the configuration names, or the embedded one of the data folder. */
export async function openDatabase(
  config: { readonly databaseUrl: string | null; readonly dataDir: string },
  log: Log,
): Promise<OpenDatabase> {
  if (config.databaseUrl !== null) {
    const never = new Promise<Error>(() => undefined);
    return { url: config.databaseUrl, lost: never, close: async () => undefined };
  }
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
  return { url: postgres.url, lost: postgres.lost, close: postgres.stop };
}
