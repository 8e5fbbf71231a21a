import { resolveCursorConnection } from '@pothos/plugin-relay';
import { toTypeId } from '../src/kit/ids.ts';
import type { Ledger } from '../src/ledger/service.ts';
import type { EntriesPage } from '../src/ledger/store.ts';
import { builder } from './builder.ts';
import { CURSORS } from './cursor.ts';

type ConnectionArgs = PothosSchemaTypes.DefaultConnectionArguments;

export const LedgerAccount = builder.enumType('LedgerAccount', {
  description:
    "An account of the double-entry ledger: the wallet's own, or one of the organization's per asset.",
  values: {
    WALLET: { description: "The customer's wallet." },
    CASH: { description: 'Money that was paid in.' },
    PROMOTIONAL: { description: 'Value that was given away or bundled.' },
    REVENUE: { description: 'What usage earned.' },
    BREAKAGE: { description: 'What expired unused.' },
    ADJUSTMENT: { description: 'Corrections and goodwill.' },
    RECEIVABLE: { description: 'Debts on their way to being repaid.' },
    REFUND: { description: 'Credit whose money goes back, or is disputed.' },
  },
});

export const EntryCause = builder.enumType('EntryCause', {
  description: 'Why an entry was made.',
  values: {
    USAGE: { description: 'A charge of a usage event.' },
    GRANT: { description: 'A credit grant.' },
    ADJUSTMENT: { description: 'An adjustment of the balance.' },
    VOID: { description: 'A grant, or a part of it, taken back.' },
    EXPIRY: { description: 'The rest of a grant whose time is over.' },
    REPAYMENT: { description: 'A debt repaid by a grant that came into force.' },
    SUBSCRIPTION: { description: 'A charge of a subscription: a fee, seats, a minimum.' },
    ROLLOVER: {
      description: 'What was left of a grant, on its way into the grant that follows it.',
    },
    RELEASE: { description: 'A debt repaid by what a hold has let go.' },
    CORRECTION: { description: 'What a usage event cost, given back because it was taken back.' },
    TOP_UP: { description: 'A payment that has arrived, and what is given on top of it.' },
    REFUND: {
      description: 'Credit taken back because its money goes back; or given again, as it did not.',
    },
    DISPUTE: {
      description:
        'Credit kept back because its money is disputed; or given again once it was won.',
    },
  },
});

const LedgerEntry = builder.prismaObject('LedgerEntry', {
  description: 'One immutable transfer of a positive amount from one account to another.',
  fields: (t) => ({
    id: t.id({
      description:
        "Names the wallet and the entry's number in it: `entry_01h455vb4pex5vsknk084sn02q_42`.",
      resolve: (entry) =>
        `${toTypeId('wallet', entry.walletId).replace('wallet', 'entry')}_${entry.sequence}`,
    }),
    sequence: t.expose('sequence', {
      type: 'SafeInt',
      description: "Counts the wallet's entries from 1 without a gap.",
    }),
    debitAccount: t.expose('debitAccount', {
      type: LedgerAccount,
      description: 'Where it was taken.',
    }),
    creditAccount: t.expose('creditAccount', {
      type: LedgerAccount,
      description: 'Where it went.',
    }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: "Above zero, in the wallet's asset.",
    }),
    cause: t.expose('cause', { type: EntryCause, description: 'Why.' }),
    causeId: t.id({
      description:
        'What caused it: the TypeID of the event, grant, hold, adjustment, charge of a subscription, or the credit, refund or dispute of a payment.',
      resolve: (entry) => toTypeId(CAUSE_NOUN[entry.cause], entry.causeId),
    }),
    balanceAfter: t.expose('balanceAfter', {
      type: 'Decimal',
      description: "The sum of the wallet's entries up to this one, whatever is in force.",
    }),
    postedAt: t.expose('postedAt', { type: 'DateTime', description: 'When it was booked.' }),
    wallet: t.relation('wallet', { description: 'The wallet.' }),
    grant: t.relation('grant', {
      nullable: true,
      description: "The grant touched; null for the wallet's debt.",
    }),
  }),
});

const CAUSE_NOUN = {
  USAGE: 'usageEvent',
  GRANT: 'grant',
  ADJUSTMENT: 'adjustment',
  VOID: 'adjustment',
  EXPIRY: 'grant',
  REPAYMENT: 'grant',
  SUBSCRIPTION: 'subscriptionCharge',
  ROLLOVER: 'grant',
  RELEASE: 'hold',
  CORRECTION: 'usageEvent',
  TOP_UP: 'paymentCredit',
  REFUND: 'paymentRefund',
  DISPUTE: 'paymentDispute',
} as const;

builder.prismaObjectFields('Wallet', (t) => ({
  entries: t.connection({
    type: LedgerEntry,
    extensions: { cursors: 'sequence' },
    authScopes: { can: 'wallet:read' },
    description: 'Its ledger, newest first.',
    resolve: ({ id: walletId }, args, context) =>
      entriesPage(args, (page) => context.services.ledger.listEntries({ walletId }, page)),
  }),
}));

builder.prismaObjectFields('CreditGrant', (t) => ({
  entries: t.connection({
    type: LedgerEntry,
    extensions: { cursors: 'sequence' },
    authScopes: { can: 'wallet:read' },
    description: 'What happened to it, newest first.',
    resolve: ({ id: grantId, walletId }, args, context) =>
      entriesPage(args, (page) => context.services.ledger.listEntries({ walletId, grantId }, page)),
  }),
}));

/** A page of entries; their cursor is the sequence number, which is unique within a wallet. */
function entriesPage(
  args: ConnectionArgs,
  list: (page: EntriesPage) => ReturnType<Ledger['listEntries']>,
) {
  type Entry = Awaited<ReturnType<Ledger['listEntries']>>[number];
  const toCursor = (entry: Entry) => entry.sequence.toString();
  return resolveCursorConnection<Promise<Entry[]>>(
    { args, defaultSize: 20, maxSize: 100, toCursor },
    ({ after, before, limit, inverted }) =>
      list({ after: sequenceOf(after), before: sequenceOf(before), limit, inverted }),
  );
}

function sequenceOf(cursor: string | undefined): bigint | null {
  return CURSORS.sequence(cursor ?? '')?.sequence ?? null;
}
