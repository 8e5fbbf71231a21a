import { readConfig } from '../config.ts';
import { joinEmbeddedPostgres } from '../infra/embedded-postgres.ts';
import { createLog } from '../infra/log.ts';

export interface DatabaseOptions {
  /** Whether a data folder without a database gets one; a command that only looks makes nothing. */
  readonly mayCreate: boolean;
}

/**
 * Runs `work` on the database of DATABASE_URL, or on the embedded one of the data folder: its server may
 * be running for somebody else, or is started for the moment.
 */
export async function withDatabase<T>(
  { mayCreate }: DatabaseOptions,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const { databaseUrl, dataDir } = readConfig();
  if (databaseUrl !== null) return work(databaseUrl);
  // Standard output is for what the command answers.
  const log = createLog({ level: 'warn', destination: process.stderr });
  const postgres = await joinEmbeddedPostgres({ dataDir, log, mayCreate });
  try {
    return await work(postgres.url);
  } finally {
    await postgres.stop();
  }
}
