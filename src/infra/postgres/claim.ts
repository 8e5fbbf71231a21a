import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** The right to stop the server: held by one process, and lost with its connection when it dies. */
export interface Claim {
  /** Resolves with the name of who took it while it was broken: the server is theirs. */
  readonly takenOver: Promise<string>;
  /** Whether it is still held. A broken one is not taken back from here on. */
  settle(): Promise<boolean>;
  release(): Promise<void>;
}

export interface Claimed {
  readonly claim: Claim | null;
  /** When there is no claim: who holds it, such as "process 4711". */
  readonly holder: string | null;
}

export interface ClaimEvents {
  /** The connection broke; the claim is being taken back. */
  onBroken(error: Error): void;
  onTakenBack(): void;
}

interface Taken {
  readonly client: pg.Client;
  /** The server process that holds the lock for us. */
  readonly backend: number;
}

interface Refused {
  readonly client: null;
  /** Null when whoever held it let go meanwhile. */
  readonly holder: { readonly name: string; readonly backend: number } | null;
}

const LOCK = 7_232_001;
const TAKE = 'SELECT pg_try_advisory_lock($1) AS taken, pg_backend_pid() AS backend';
const HOLDER = `
  SELECT application_name AS name, pid AS backend
  FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE locktype = 'advisory' AND objid = $1 AND granted`;
const RETRY_MS = 50;

/**
 * Takes the lock that says who runs this server, and takes it back whenever its connection breaks. A
 * killed holder's connection takes a moment to be noticed, hence `patienceMs`.
 */
export async function claimServer(
  url: string,
  patienceMs: number,
  events: ClaimEvents,
): Promise<Claimed> {
  const taken = await take(url, patienceMs);
  if (taken.client) return { claim: keep(url, taken, events), holder: null };
  return { claim: null, holder: taken.holder?.name ?? 'another process' };
}

async function take(url: string, patienceMs: number): Promise<Taken | Refused> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `process ${process.pid}`,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // An error that nobody hears ends the process; the end of the connection is what is acted on.
  client.on('error', () => undefined);
  await client.connect();
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const [row] = (await client.query(TAKE, [LOCK])).rows;
    if (row.taken) return { client, backend: row.backend };
    if (performance.now() > deadline) break;
    await pause(RETRY_MS);
  }
  const { rows } = await client.query(HOLDER, [LOCK]);
  await client.end();
  return { client: null, holder: rows[0] ?? null };
}

function keep(url: string, first: Taken, events: ClaimEvents): Claim {
  let announce: (holder: string) => void;
  const takenOver = new Promise<string>((resolve) => {
    announce = resolve;
  });
  let held: Taken | null = null;
  let settled = false;
  let takingBack = Promise.resolve();

  function hold(taken: Taken): void {
    held = taken;
    taken.client.once('end', () => {
      held = null;
      if (settled) return;
      events.onBroken(new Error('The connection that holds the data folder broke.'));
      takingBack = takeBack(taken.backend);
    });
  }

  async function takeBack(broken: number): Promise<void> {
    while (!settled) {
      // The server may be on its way up again: whatever is said here is another try.
      const again = await take(url, 0).catch(() => null);
      if (again?.client) {
        hold(again);
        return events.onTakenBack();
      }
      // Our own end of it takes a moment to be noticed, too.
      const holder = again?.holder;
      if (holder && holder.backend !== broken) return announce(holder.name);
      await pause(RETRY_MS);
    }
  }

  hold(first);
  return {
    takenOver,
    async settle() {
      settled = true;
      await takingBack;
      return held !== null;
    },
    async release() {
      settled = true;
      await held?.client.end().catch(() => undefined);
    },
  };
}
