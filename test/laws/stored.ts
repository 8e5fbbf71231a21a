import type { Viewer } from '../../src/access/viewer.ts';
import { plain } from '../../src/kit/decimal.ts';
import type { Laboratory } from './laboratory.ts';

// What the database holds, in the words of the reference model.

type Labels = ReadonlyMap<string, string>;

/** Every wallet of an organization with its grants, as `Reference.dump` describes them. */
export async function readWallets(
  { db, services }: Laboratory,
  viewer: Viewer,
  labels: Labels,
): Promise<object[]> {
  const wallets = await db.prisma.wallet.findMany({
    where: { organizationId: viewer.organizationId },
    include: { grants: { orderBy: { id: 'asc' } }, holds: { orderBy: { id: 'asc' } } },
  });
  const balances = await services.ledger.readBalances(wallets.map((wallet) => wallet.id));
  return wallets
    .map((wallet, index) => ({
      wallet: labels.get(wallet.id) ?? wallet.id,
      policy: wallet.onEmpty,
      limit: wallet.overdraftLimit.toFixed(),
      version: Number(wallet.version),
      sequence: Number(wallet.lastSequence),
      stored: wallet.balance.toFixed(),
      debt: wallet.debt.toFixed(),
      balance: balanceTexts(balances[index]),
      grants: wallet.grants.map(
        (grant) => `${labels.get(grant.id) ?? grant.id} ${grant.remaining.toFixed()}`,
      ),
      holds: wallet.holds.map((hold) => holdText(hold, labels)),
    }))
    .sort((a, b) => (a.wallet < b.wallet ? -1 : 1));
}

function holdText(hold: StoredHold, labels: Labels): string {
  const { status, amount, captured, captures, overdraft } = hold;
  const aside = (hold.allocations as [string, string][]).map(
    ([grant, part]) => `${part} of ${labels.get(grant)}`,
  );
  if (!overdraft.isZero()) aside.push(`${overdraft.toFixed()} of the overdraft`);
  const what = `${labels.get(hold.id)} ${status} ${amount.toFixed()}`;
  return `${what} captured ${captured.toFixed()} in ${captures}: ${aside.join(' + ')}`;
}

type StoredHold = Awaited<ReturnType<Laboratory['db']['prisma']['hold']['findFirstOrThrow']>>;

type Balance = Awaited<ReturnType<Laboratory['services']['ledger']['readBalances']>>[number];

function balanceTexts(balance: Balance | undefined) {
  if (!balance || balance instanceof Error) throw balance ?? new Error('A balance is missing.');
  const { settled, held, available, pending } = balance;
  return {
    settled: plain(settled),
    held: plain(held),
    available: plain(available),
    pending: plain(pending),
  };
}

/** Every entry of an organization as one line: wallet, accounts, amount, grant, cause. */
export async function readEntries(
  { db }: Laboratory,
  viewer: Viewer,
  labels: Labels,
): Promise<string[]> {
  const { organizationId } = viewer;
  const entries = await db.prisma.ledgerEntry.findMany({ where: { organizationId } });
  const events = await db.prisma.usageEvent.findMany({
    where: { organizationId },
    include: { customer: true },
  });
  const eventNames = new Map(
    events.map((event) => [event.id, `${event.customer.externalId}/${event.eventId}`]),
  );
  return entries.map((entry) => {
    const cause = causeText(entry, labels, eventNames);
    const grant = entry.grantId ? labels.get(entry.grantId) : 'debt';
    const { debitAccount, creditAccount, amount } = entry;
    const wallet = labels.get(entry.walletId);
    return [wallet, debitAccount, creditAccount, amount.toFixed(), grant, cause].join(' | ');
  });
}

interface Caused {
  readonly cause: string;
  readonly causeId: string;
  readonly chargeOrdinal: number | null;
}

function causeText(
  { cause, causeId, chargeOrdinal }: Caused,
  labels: Labels,
  events: Labels,
): string {
  if (cause === 'USAGE') return `USAGE ${events.get(causeId)} ${chargeOrdinal}`;
  return cause === 'ADJUSTMENT' || cause === 'VOID' ? cause : `${cause} ${labels.get(causeId)}`;
}
