import { arrayLiteral } from '../infra/array-literal.ts';
import { columns } from '../infra/columns.ts';
import type { Queryable } from '../infra/db.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Id } from '../kit/ids.ts';
import { isRefusal } from '../kit/refusal.ts';
import type { Owner } from '../ledger/wallet-memory.ts';
import type { WalletState } from '../ledger/wallet-state.ts';
import type { Counter } from '../metering/counter.ts';
import { FIND_STALE_TERMS } from '../subscriptions/sql/read-terms.ts';
import type { Situation } from './decide.ts';
import type { Candidate, RecordedEvent } from './event.ts';
import type { HoldOperation } from './holds/operation.ts';
import { termsVersionOf } from './holds/rate-again.ts';
import { customerOf, type Operation, organizationOf } from './operation.ts';
import { FIND_RECORDED, type RecordedRow } from './sql/find-recorded.ts';

export function organizationIds(operations: readonly Operation[]): string[] {
  return [...new Set(operations.map(organizationOf))];
}

/** Whose wallets the candidates' charges would draw on, and those that holds are on, each once. */
export function ownersOf(
  candidates: readonly Candidate[],
  holds: readonly HoldOperation[],
): Owner[] {
  const owners: Owner[] = [];
  const assetsOf = new Map<string, string[]>();
  const add = (customerId: Id<'customer'>, assetId: Id<'asset'>) => {
    const assets = assetsOf.get(customerId);
    if (assets?.includes(assetId)) return;
    if (assets) assets.push(assetId);
    else assetsOf.set(customerId, [assetId]);
    owners.push({ customerId, assetId });
  };
  for (const { event, rated } of candidates) {
    if (isRefusal(rated)) continue;
    for (const { price } of rated) add(event.customerId, price.assetId);
  }
  for (const { customerId, assetId } of holds) add(customerId, assetId);
  return owners;
}

/** Customers whose subscriptions are not as the operations were rated by; mostly none. */
export function findStaleTerms(
  tx: Queryable,
  operations: readonly Operation[],
): Promise<{ id: string }[]> {
  const versions = new Map<string, number>();
  for (const operation of operations) {
    const version = operation.kind === 'USAGE' ? operation.termsVersion : termsVersionOf(operation);
    if (version === null) continue;
    const customerId = customerOf(operation);
    // Two of one customer may have been rated by different ones: whichever is old is found.
    const known = versions.get(customerId);
    if (known === undefined || version < known) versions.set(customerId, version);
  }
  const known = [...versions];
  return tx.query(FIND_STALE_TERMS, [
    arrayLiteral(known, ([customerId]) => customerId),
    arrayLiteral(known, ([, version]) => version),
  ]);
}

/** Those of the suspects that are recorded. */
export async function findRecorded(
  tx: Queryable,
  suspects: readonly Candidate[],
): Promise<RecordedRow[]> {
  if (suspects.length === 0) return [];
  return tx.query<RecordedRow>(FIND_RECORDED, [
    columns.uuid(suspects, ({ event }) => event.customerId),
    columns.text(suspects, ({ event }) => event.eventId),
  ]);
}

/** What decisions look up, by customer first: a customer has few wallets, and hardly ever a duplicate. */
export function situationOf(
  wallets: readonly WalletState[],
  counters: readonly Counter[],
  recorded: readonly RecordedRow[],
  foundHold: Situation['foundHold'],
  now: Date,
): Situation {
  const walletsOf = groupBy(wallets, ({ customerId }): string => customerId);
  const eventsOf = new Map<string, Map<string, RecordedEvent>>();
  for (const row of recorded) {
    const events = eventsOf.get(row.customer_id) ?? new Map<string, RecordedEvent>();
    eventsOf.set(row.customer_id, events.set(row.event_id, recordedEvent(row)));
  }
  const countersByName = new Map(counters.map((counter) => [counter.key.name, counter]));
  return {
    now,
    walletOf: (customerId, assetId) =>
      walletsOf.get(customerId)?.find((wallet) => wallet.assetId === assetId),
    counterOf: ({ name }) => {
      const counter = countersByName.get(name);
      if (!counter) throw new Error('A charge goes by a counter that was not gathered.');
      return counter;
    },
    recorded: (customerId, eventId) => eventsOf.get(customerId)?.get(eventId),
    foundHold,
  };
}

function recordedEvent(row: RecordedRow): RecordedEvent {
  return {
    id: row.id as Id<'usageEvent'>,
    organizationId: row.organization_id as Id<'organization'>,
    customerId: row.customer_id as Id<'customer'>,
    eventId: row.event_id,
    type: row.type,
    subject: row.subject,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    properties: JSON.parse(row.properties_json) as Record<string, unknown>,
    propertiesJson: row.properties_json,
    contentHash: row.content_hash,
    holdId: row.hold_id as Id<'hold'> | null,
  };
}
