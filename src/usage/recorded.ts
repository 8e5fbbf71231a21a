import type { Db } from '../infra/db.ts';
import type { LoggedEvent } from '../live/event.ts';
import { loadWithin } from './store.ts';

export type UsageEventRow = Awaited<ReturnType<typeof loadWithin>>[number];

export interface ToldUsage {
  readonly usageEvent: UsageEventRow;
  /** Everything that was committed together: the same object for all of it. */
  readonly batch: readonly UsageEventRow[];
}

/** The usage events that an event of the log names; none when it is of another type. */
export type ReadRecorded = (event: LoggedEvent) => Promise<readonly ToldUsage[]>;

/** Events of the log: those who watch the same customer want one at about the same time. */
const KEPT = 16;

/**
 * Reads once for all who watch, and gives them the same objects, by which what is made of one is known to be
 * good for the others. The last few are kept here and not with the events, which wait by the thousand for
 * whoever is slow. Who may see the event of the log may see what it names: he checks it himself.
 */
export function createReadRecorded(db: Db): ReadRecorded {
  const reads = new Map<string, Promise<readonly ToldUsage[]>>();

  return (event) => {
    const key = `${event.organizationId}/${event.position}`;
    const known = reads.get(key);
    if (known) return known;
    const read = readRecorded(db, event);
    reads.set(key, read);
    read.catch(() => reads.delete(key));
    const [oldest] = reads.keys();
    if (reads.size > KEPT && oldest !== undefined) reads.delete(oldest);
    return read;
  };
}

async function readRecorded(
  db: Db,
  { fact, organizationId, customerId }: LoggedEvent,
): Promise<ToldUsage[]> {
  if (fact.type !== 'usage.recorded') return [];
  const within = { organizationId, ...(customerId !== null && { customerId }) };
  const batch = await loadWithin(db, within, fact.usageEventIds);
  return batch.map((usageEvent) => ({ usageEvent, batch }));
}
