import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const KEY_BYTES = 32;
const FILE = 'encryption.key';

/**
 * The key that keeps secrets: the one that was given or, for a server that keeps its database in its own folder, one that
 * is made there once and lies beside it. Null where the database is elsewhere: other processes would not have it.
 */
export async function openEncryptionKey(config: {
  readonly encryptionKey: Buffer | null;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
}): Promise<Buffer | null> {
  if (config.encryptionKey !== null) return config.encryptionKey;
  if (config.databaseUrl !== null) return null;
  await mkdir(config.dataDir, { recursive: true });
  const file = join(config.dataDir, FILE);
  await writeFile(file, randomBytes(KEY_BYTES).toString('base64'), {
    flag: 'wx',
    mode: 0o600,
  }).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return Buffer.from(await readFile(file, 'utf8'), 'base64');
}
