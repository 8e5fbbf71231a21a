import { fromEpochMs } from '../src/kit/clock.ts';
import type { Balance as BalanceShape } from '../src/ledger/wallet-state.ts';
import type { BalanceUpdate as BalanceUpdateShape } from '../src/live/balance-update.ts';
import { builder } from './builder.ts';

type Figures = BalanceShape | BalanceUpdateShape['balance'];

export const Balance = builder.objectRef<Figures>('Balance').implement({
  description:
    "What a wallet holds, in the wallet's asset. Expired and not yet effective grants never count as settled.",
  fields: (t) => ({
    settled: t.field({
      type: 'Decimal',
      description: 'Spendable now by the ledger: grants in force, less the debt. May be negative.',
      resolve: (balance) => balance.settled,
    }),
    held: t.field({
      type: 'Decimal',
      description:
        'Set aside by open holds: of grants in force, and of the overdraft. `0` for an instant of the past.',
      resolve: (balance) => balance.held,
    }),
    available: t.field({
      type: 'Decimal',
      description: '`settled` - `held`, plus the overdraft that the wallet allows.',
      resolve: (balance) => balance.available,
    }),
    pending: t.field({
      type: 'Decimal',
      description: 'Granted, but not effective yet.',
      resolve: (balance) => balance.pending,
    }),
  }),
});

export const BalanceCause = builder.enumType('BalanceCause', {
  description: 'Why a balance changed.',
  values: {
    USAGE: { description: 'Usage was charged.' },
    GRANT: { description: 'Credit was granted.' },
    ADJUSTMENT: { description: 'The balance was adjusted.' },
    VOID: { description: 'A grant, or a part of it, was taken back.' },
    EXPIRY: { description: 'What was left of an expired grant was booked out.' },
    REPAYMENT: { description: 'A grant that came into force repaid a debt.' },
    SUBSCRIPTION: { description: 'Something that a subscription costs besides usage.' },
    ROLLOVER: { description: 'What was left of a grant went on into the next period.' },
    HOLD: { description: 'A hold set value aside, or was extended.' },
    RELEASE: {
      description: 'A hold let go what it had set aside: it was released, or has expired.',
    },
    CORRECTION: { description: 'Usage was taken back, and what it cost given back.' },
    TOP_UP: { description: 'A payment was credited.' },
    REFUND: { description: 'What was paid was given back, and its credit taken back.' },
    DISPUTE: { description: 'What was paid is disputed, or no longer is.' },
    POLICY: { description: 'What happens when the money ends was changed.' },
    TIME: { description: 'A grant came into force, expired, or was given a later end.' },
  },
});

export const BalanceUpdate = builder.objectRef<BalanceUpdateShape>('BalanceUpdate').implement({
  description: 'One committed state of a wallet.',
  fields: (t) => ({
    version: t.expose('version', {
      type: 'SafeInt',
      description:
        "The wallet's version that this is the state of; grows by one per committed change.",
    }),
    balance: t.field({
      type: Balance,
      description: 'The balance as of that version.',
      resolve: (update) => update.balance,
    }),
    cause: t.expose('cause', {
      type: BalanceCause,
      nullable: true,
      description: 'Why it changed; null for a state that was read, as at the start.',
    }),
    at: t.field({
      type: 'DateTime',
      description: 'When it was committed.',
      resolve: (update) => fromEpochMs(Date.parse(update.at)),
    }),
  }),
});
