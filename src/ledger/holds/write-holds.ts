import { arrayLiteral } from '../../infra/array-literal.ts';
import { columns } from '../../infra/columns.ts';
import type { Queryable } from '../../infra/db.ts';
import { canonicalJson } from '../../kit/canonical.ts';
import { plain, stored, ZERO } from '../../kit/decimal.ts';
import type { WalletState } from '../wallet-state.ts';
import type { CapturedEvent, HoldState, Reservation } from './hold-state.ts';
import {
  INSERT_CAPTURES,
  INSERT_EXTENSIONS,
  INSERT_HOLDS,
  UPDATE_HOLDS,
} from './sql/write-holds.ts';

/** Writes what was decided about the holds of wallets, behind the wallets themselves. */
export function writeHolds(tx: Queryable, wallets: readonly WalletState[]): Promise<unknown>[] {
  const changed = wallets.flatMap(({ holds }) => [...(holds?.changed ?? [])]);
  const captured = wallets.flatMap(({ holds }) => holds?.captured ?? []);
  const placed = changed.filter(({ terms }) => terms !== null);
  const others = changed.filter(({ terms }) => terms === null);
  const extensions = wallets.flatMap(extensionsOf);
  const sent: Promise<unknown>[] = [];
  if (placed.length > 0) sent.push(tx.query(INSERT_HOLDS, insertColumns(placed)));
  if (others.length > 0) sent.push(tx.query(UPDATE_HOLDS, updateColumns(others)));
  if (extensions.length > 0) sent.push(tx.query(INSERT_EXTENSIONS, extensionColumns(extensions)));
  if (captured.length > 0) sent.push(tx.query(INSERT_CAPTURES, captureColumns(captured)));
  return sent;
}

function insertColumns(holds: readonly HoldState[]): unknown[] {
  return [
    columns.uuid(holds, (hold) => hold.id),
    columns.uuid(holds, (hold) => hold.organizationId),
    columns.uuid(holds, (hold) => hold.customerId),
    columns.uuid(holds, (hold) => hold.walletId),
    arrayLiteral(holds, (hold) => hold.status),
    arrayLiteral(holds, (hold) => stored(hold.amount)),
    arrayLiteral(holds, (hold) => stored(hold.captured)),
    columns.jsonb(holds, allocationsJson),
    arrayLiteral(holds, (hold) => stored(hold.overdraft)),
    columns.jsonb(holds, reservationsJson),
    columns.uuid(holds, (hold) => hold.metricId),
    arrayLiteral(holds, ({ terms }) => (terms?.quantity == null ? null : stored(terms.quantity))),
    arrayLiteral(holds, (hold) => hold.expiresAt.getTime()),
    arrayLiteral(holds, (hold) => hold.maxCaptures),
    arrayLiteral(holds, (hold) => hold.captures),
    columns.text(holds, ({ terms }) => terms?.idempotencyKey ?? null),
    columns.jsonb(holds, ({ terms }) => JSON.stringify(terms?.content ?? {})),
    columns.text(holds, ({ terms }) => terms?.description ?? null),
    columns.jsonb(holds, ({ terms }) => canonicalJson(terms?.metadata ?? {})),
    arrayLiteral(holds, (hold) => hold.createdAt.getTime()),
    arrayLiteral(holds, (hold) => hold.closedAt?.getTime() ?? null),
    arrayLiteral(holds, closedSequence),
    columns.uuid(holds, ({ terms }) => terms?.testClockId ?? null),
  ];
}

function updateColumns(holds: readonly HoldState[]): unknown[] {
  return [
    columns.uuid(holds, (hold) => hold.id),
    columns.uuid(holds, (hold) => hold.customerId),
    arrayLiteral(holds, (hold) => hold.status),
    arrayLiteral(holds, (hold) => stored(hold.amount)),
    arrayLiteral(holds, (hold) => stored(hold.captured)),
    columns.jsonb(holds, allocationsJson),
    arrayLiteral(holds, (hold) => stored(hold.overdraft)),
    arrayLiteral(holds, (hold) => hold.expiresAt.getTime()),
    arrayLiteral(holds, (hold) => hold.captures),
    arrayLiteral(holds, (hold) => hold.closedAt?.getTime() ?? null),
    arrayLiteral(holds, closedSequence),
  ];
}

/** What an extension set aside of one grant or of the overdraft, and where in the history of its wallet. */
interface Extension extends Reservation {
  readonly hold: HoldState;
  readonly version: number;
  readonly ordinal: number;
}

/** Of a hold that was placed with the same version of its wallet its row says all of it. */
function extensionsOf({ holds, version }: WalletState): Extension[] {
  const extensions: Extension[] = [];
  for (const hold of holds?.changed ?? []) {
    if (hold.terms !== null) continue;
    for (const reservation of hold.unwritten) {
      const ordinal = extensions.length + 1;
      extensions.push({ ...reservation, hold, version: version + 1, ordinal });
    }
  }
  return extensions;
}

function extensionColumns(extensions: readonly Extension[]): unknown[] {
  return [
    columns.uuid(extensions, ({ hold }) => hold.walletId),
    arrayLiteral(extensions, (one) => one.sequence),
    arrayLiteral(extensions, (one) => one.version),
    arrayLiteral(extensions, (one) => one.ordinal),
    columns.uuid(extensions, ({ hold }) => hold.organizationId),
    columns.uuid(extensions, ({ hold }) => hold.customerId),
    columns.uuid(extensions, ({ hold }) => hold.id),
    columns.uuid(extensions, (one) => one.grantId),
    arrayLiteral(extensions, (one) => stored(one.amount)),
  ];
}

function captureColumns(captured: readonly CapturedEvent[]): unknown[] {
  return [
    columns.uuid(captured, (one) => one.usageEventId),
    columns.uuid(captured, ({ hold }) => hold.organizationId),
    columns.uuid(captured, ({ hold }) => hold.customerId),
    columns.uuid(captured, ({ hold }) => hold.id),
    arrayLiteral(captured, (one) => one.capture),
    arrayLiteral(captured, (one) => stored(one.amount)),
    arrayLiteral(captured, (one) => one.late),
    arrayLiteral(captured, (one) => one.capturedAt.getTime()),
  ];
}

/** Of one that is open it is not said yet, though it may have lapsed already. */
function closedSequence({ status, closedSequence: sequence }: HoldState): number | null {
  return status === 'OPEN' ? null : sequence;
}

function allocationsJson({ allocations }: HoldState): string {
  const kept = allocations.filter(({ amount }) => amount !== ZERO);
  return JSON.stringify(kept.map(({ grant, amount }) => [grant.id, plain(amount)]));
}

function reservationsJson({ unwritten }: HoldState): string {
  return JSON.stringify(
    unwritten.map(({ sequence, grantId, amount }) => [sequence, grantId, plain(amount)]),
  );
}
