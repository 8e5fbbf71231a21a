import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from './log.ts';
import { chooseAccount } from './postgres/account.ts';
import { findBinaries } from './postgres/binaries.ts';
import { type Claim, type ClaimEvents, type Claimed, claimServer } from './postgres/claim.ts';
import { ensureCluster, removeDrafts, SUPERUSER } from './postgres/cluster.ts';
import { ensureDatabase } from './postgres/ensure-database.ts';
import { EmbeddedPostgresError } from './postgres/error.ts';
import {
  type Files,
  findFreePort,
  hasCluster,
  openDataFolder,
  readAccess,
  writeAccess,
} from './postgres/files.ts';
import type { Postmaster } from './postgres/pid-file.ts';
import { awaitPostmaster, startPostmaster, stopPostmaster } from './postgres/postmaster.ts';
import { watchPostmaster } from './postgres/watch-postmaster.ts';

export interface EmbeddedPostgres {
  readonly url: string;
  /**
   * Resolves when another process has taken the folder over, and when the server ends though nobody here
   * stopped it: who used it until then must end. Whoever starts next starts it again.
   */
  readonly lost: Promise<EmbeddedPostgresError>;
  /** Stops the server cleanly, unless it belongs to another process. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Holds everything the server keeps; made when missing. */
  readonly dataDir: string;
  readonly log: Log;
}

const DATABASE = 'drawdown';
/** How long a process that was killed may still seem to hold the folder. */
const PATIENCE_MS = 3_000;
/** How long a server that was killed may take to be gone. */
const TRANSITION_MS = 10_000;
const RETRY_MS = 50;

/**
 * Runs the PostgreSQL that comes with the npm packages, on the data folder. One process holds a folder:
 * a second one throws an EmbeddedPostgresError. A server left by a process that was killed is taken over.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { server, holder } = await open(options, PATIENCE_MS);
  if (!holder) return server;
  throw new EmbeddedPostgresError(
    `The data folder ${options.dataDir} is in use by ${holder}: stop that first, or set DRAWDOWN_DATA_DIR to another folder.`,
  );
}

export interface JoinOptions extends EmbeddedPostgresOptions {
  /** Whether a folder without a database gets one; otherwise that is an EmbeddedPostgresError. */
  readonly mayCreate: boolean;
}

/**
 * For a command beside a running `drawdown serve`: uses the server of the process that holds the
 * folder, and leaves it running; starts and stops one of its own when there is none.
 */
export async function joinEmbeddedPostgres(options: JoinOptions): Promise<EmbeddedPostgres> {
  if (!options.mayCreate && !hasCluster(options.dataDir)) {
    throw new EmbeddedPostgresError(
      `There is no database in the data folder ${options.dataDir}: "drawdown serve" makes one; set DRAWDOWN_DATA_DIR or DATABASE_URL if it is elsewhere.`,
    );
  }
  return (await open(options, 0)).server;
}

async function open(
  { dataDir, log }: EmbeddedPostgresOptions,
  patienceMs: number,
): Promise<{ server: EmbeddedPostgres; holder: string | null }> {
  const files = openDataFolder(dataDir);
  const { postmaster, address, claim, holder } = await reachServer(files, patienceMs, {
    onBroken: (error) => log.warn({ error }, `PostgreSQL broke a connection; see ${files.log}.`),
    onTakenBack: () => log.warn({}, 'The claim on the data folder is taken back.'),
  });
  const watch = watchPostmaster(files, postmaster.pid);
  if (!claim) watch.callOff();
  let stopping = false;
  async function stop(): Promise<void> {
    if (!claim || stopping) return;
    stopping = true;
    watch.callOff();
    if (!(await claim.settle())) return;
    // The claim goes down with the server, so that nobody takes over one that is stopping.
    await stopPostmaster(files, postmaster.pid);
    await claim.release();
  }
  try {
    if (claim) removeDrafts(files);
    await ensureDatabase(address('postgres'), DATABASE);
  } catch (error) {
    // Whoever comes next must find the folder free.
    await stop();
    throw error;
  }
  if (claim) {
    log.info(
      { postgresPid: postmaster.pid, port: postmaster.port },
      'The embedded PostgreSQL is running.',
    );
  }
  const ended = watch.ending.then(
    () =>
      new EmbeddedPostgresError(
        `PostgreSQL (process ${postmaster.pid}, data folder ${dataDir}) was stopped by somebody else or crashed: this process ends too, and whoever starts it again starts both; see ${files.log}.`,
      ),
  );
  const lost = Promise.race([takeover(claim, dataDir), ended]);
  return { server: { url: address(DATABASE), lost, stop }, holder };
}

/** Never, when the folder was another process's from the beginning. */
function takeover(claim: Claim | null, dataDir: string): Promise<EmbeddedPostgresError> {
  if (!claim) return new Promise(() => undefined);
  return claim.takenOver.then(
    (holder) =>
      new EmbeddedPostgresError(
        `The data folder ${dataDir} was taken over by ${holder} while PostgreSQL had dropped our connection: this process ends.`,
      ),
  );
}

interface Reached extends Claimed {
  readonly postmaster: Postmaster;
  readonly address: (database: string) => string;
}

/** Finds or starts the server. One that was killed a moment ago may still look alive, and then not. */
async function reachServer(
  files: Files,
  patienceMs: number,
  events: ClaimEvents,
): Promise<Reached> {
  const deadline = performance.now() + TRANSITION_MS;
  for (;;) {
    try {
      const postmaster = (await awaitPostmaster(files)) ?? (await start(files));
      const { password } = readAccess(files.cluster);
      const address = (database: string) =>
        `postgres://${SUPERUSER}:${password}@127.0.0.1:${postmaster.port}/${database}`;
      const claimed = await claimServer(address('postgres'), patienceMs, events);
      return { ...claimed, postmaster, address };
    } catch (error) {
      if (performance.now() > deadline || !isTransition(error)) throw error;
      await pause(RETRY_MS);
    }
  }
}

/** A server between life and death: its port closes, or its sessions hold the memory a new one wants. */
function isTransition(error: unknown): boolean {
  const { code = '', message } = error as Error & { code?: string };
  if (['ECONNREFUSED', 'ECONNRESET', '57P01', '57P03'].includes(code)) return true;
  return /Connection terminated|shared memory block|lock file "postmaster\.pid"/.test(message);
}

async function start(files: Files): Promise<Postmaster> {
  const binaries = findBinaries();
  const account = chooseAccount([binaries.postgres, files.cluster]);
  await ensureCluster(files, binaries.initdb, account);
  const access = readAccess(files.cluster);
  const port = await findFreePort(access.port);
  if (port !== access.port) writeAccess(files.cluster, { ...access, port });
  return startPostmaster(files, binaries.postgres, account, port);
}
