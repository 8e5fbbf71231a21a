import { createDb, type Tx } from '../src/infra/db.ts';
import { sha256Hex } from '../src/kit/canonical.ts';
import { fromEpochMs, systemClock } from '../src/kit/clock.ts';
import { type Exact, exact, MAX_SCALE, min, multiply, plain, ZERO } from '../src/kit/decimal.ts';
import { newId } from '../src/kit/ids.ts';
import type { Event, EventSource } from './events.ts';

const CONCURRENCY = 16;

/**
 * The same job as one would first write it: an interactive Prisma transaction for every event, in this
 * process, without HTTP and GraphQL. Answers the events per second.
 */
export async function runPrismaBaseline(
  databaseUrl: string,
  source: EventSource,
  events: number,
): Promise<number> {
  const db = createDb({ url: databaseUrl, poolSize: CONCURRENCY, onIdleError: () => undefined });
  let left = events;
  const recordAll = async () => {
    while (left-- > 0) {
      const event = source.next();
      await db.transaction((tx) => record(tx, event));
    }
  };
  try {
    const start = performance.now();
    await Promise.all(Array.from({ length: CONCURRENCY }, recordAll));
    return events / ((performance.now() - start) / 1000);
  } finally {
    await db.close();
  }
}

async function record({ prisma }: Tx, event: Event): Promise<void> {
  const customer = await prisma.customer.findFirstOrThrow({ where: event.customer });
  const customerId = customer.id;
  const { eventId, type, properties } = event;
  if (await prisma.usageEvent.findFirst({ where: { customerId, eventId } })) return;
  const rate = await prisma.rate.findFirstOrThrow({
    where: { dimensions: { equals: { model: properties.model } } },
    include: { price: true },
  });
  const quantity = exact(properties.tokens);
  const amount = multiply(quantity, exact(rate.unitAmount ?? 0), MAX_SCALE);
  const { assetId, metricId } = rate.price;
  const found = await prisma.wallet.findFirstOrThrow({ where: { customerId, assetId } });
  await prisma.$queryRaw`SELECT 1 FROM wallets WHERE id = ${found.id}::uuid FOR UPDATE`;
  const wallet = await prisma.wallet.findFirstOrThrow({ where: { id: found.id } });

  const now = systemClock.now();
  const { organizationId } = wallet;
  const id = newId('usageEvent');
  const contentHash = Buffer.from(sha256Hex(JSON.stringify(event)).slice(0, 32), 'hex');
  const times = { occurredAt: fromEpochMs(Date.parse(event.occurredAt)), receivedAt: now };
  await prisma.usageEvent.create({
    data: { id, organizationId, customerId, eventId, type, properties, contentHash, ...times },
  });

  const grants = await prisma.creditGrant.findMany({
    where: { walletId: wallet.id, open: true },
    orderBy: [{ priority: 'asc' }, { expiresAt: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
  });
  let uncovered: Exact = amount;
  let balance = exact(wallet.balance);
  let sequence = wallet.lastSequence;
  for (const grant of grants) {
    if (uncovered === ZERO) break;
    const taken = min(exact(grant.remaining), uncovered);
    const remaining = exact(grant.remaining) - taken;
    uncovered = uncovered - taken;
    balance = balance - taken;
    sequence += 1n;
    await prisma.creditGrant.updateMany({
      where: { id: grant.id },
      data: { remaining: plain(remaining), open: remaining !== ZERO },
    });
    await prisma.ledgerEntry.create({
      data: {
        organizationId,
        customerId,
        walletId: wallet.id,
        sequence,
        debitAccount: 'WALLET',
        creditAccount: 'REVENUE',
        amount: plain(taken),
        grantId: grant.id,
        cause: 'USAGE',
        causeId: id,
        chargeOrdinal: 0,
        balanceAfter: plain(balance),
        postedAt: now,
      },
    });
  }
  await prisma.charge.create({
    data: {
      organizationId,
      customerId,
      usageEventId: id,
      ordinal: 0,
      walletId: wallet.id,
      metricId,
      rateId: rate.id,
      quantity: plain(quantity),
      amount: plain(amount),
      firstSequence: wallet.lastSequence + 1n,
      entryCount: Number(sequence - wallet.lastSequence),
    },
  });
  await prisma.wallet.updateMany({
    where: { id: wallet.id },
    data: {
      version: { increment: 1 },
      lastSequence: sequence,
      balance: plain(balance),
      updatedAt: now,
    },
  });
}
