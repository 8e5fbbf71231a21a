import { arrayLiteral } from '../infra/array-literal.ts';
import { columns } from '../infra/columns.ts';
import { createPositions } from '../infra/positions.ts';
import { stored } from '../kit/decimal.ts';
import type { RecordedCharge, RecordedEvent } from './event.ts';

/** An event that is to be written, with what it cost. */
interface Accepted {
  readonly event: RecordedEvent;
  readonly charges: readonly RecordedCharge[];
}

/** A charge that is to be written, and where its event stands. */
interface Row {
  readonly event: number;
  readonly charge: RecordedCharge;
}

/** The parameters of INSERT_EVENTS; with what their counters said, those of INSERT_COUNTED_EVENTS. */
export function eventColumns(accepted: readonly Accepted[], areCounted: boolean): unknown[] {
  const rows = accepted.flatMap(({ charges }, index) =>
    charges.map((charge): Row => ({ event: index + 1, charge })),
  );
  const parameters = [
    ...columnsOfEvents(accepted.map(({ event }) => event)),
    ...columnsOfCharges(rows),
  ];
  return areCounted ? [...parameters, ...columnsOfCounts(rows)] : parameters;
}

function columnsOfCounts(rows: readonly Row[]): unknown[] {
  const before = (name: 'quantity' | 'charged') =>
    arrayLiteral(rows, ({ charge: { count } }) => count && stored(count.before[name]));
  return [
    arrayLiteral(rows, ({ charge: { count } }) => count?.periodStart.getTime() ?? null),
    before('quantity'),
    before('charged'),
  ];
}

function columnsOfEvents(events: readonly RecordedEvent[]): unknown[] {
  return [
    columns.uuid(events, (event) => event.id),
    columns.uuid(events, (event) => event.organizationId),
    columns.uuid(events, (event) => event.customerId),
    columns.text(events, (event) => event.eventId),
    columns.text(events, (event) => event.type),
    columns.text(events, (event) => event.subject),
    arrayLiteral(events, (event) => event.occurredAt.getTime()),
    arrayLiteral(events, (event) => event.receivedAt.getTime()),
    columns.jsonb(events, (event) => event.propertiesJson),
    columns.bytea(events, (event) => event.contentHash),
  ];
}

/** The metrics and rates, then the charges that name them. A rate is of one metric. */
function columnsOfCharges(rows: readonly Row[]): unknown[] {
  const rates = createPositions<string>();
  const metrics: string[] = [];
  const rateOf = ({ charge }: Row) => {
    const position = rates.of(charge.rateId);
    metrics[position - 1] = charge.metricId;
    return position;
  };
  const charges = [
    arrayLiteral(rows, ({ event }) => event),
    arrayLiteral(rows, ({ charge }) => charge.ordinal),
    columns.uuid(rows, ({ charge }) => charge.walletId),
    arrayLiteral(rows, rateOf),
    arrayLiteral(rows, ({ charge }) => stored(charge.quantity)),
    arrayLiteral(rows, ({ charge }) => stored(charge.amount)),
    arrayLiteral(rows, ({ charge }) => charge.firstSequence),
    arrayLiteral(rows, ({ charge }) => charge.entryCount),
  ];
  return [metrics, rates.values, ...charges];
}
