import { createAccess } from './access/service.ts';
import type { Viewer } from './access/viewer.ts';
import { insertDefaultRules } from './alerts/default-rules.ts';
import { evaluate } from './alerts/evaluate.ts';
import { createAlertLoaders } from './alerts/loader.ts';
import { createAlerts } from './alerts/service.ts';
import { createCatalogLoaders } from './catalog/loader.ts';
import { createCatalog } from './catalog/service.ts';
import { createTestNowsLoader } from './clocks/loader.ts';
import { createClocks } from './clocks/service.ts';
import type { TimedWork } from './clocks/timed-work.ts';
import { createCustomersLoader } from './customers/loader.ts';
import { createCustomers } from './customers/service.ts';
import { createEntitlements } from './entitlements/service.ts';
import type { Db } from './infra/db.ts';
import type { Log } from './infra/log.ts';
import type { SendMail } from './infra/mailer.ts';
import type { Metrics } from './infra/metrics.ts';
import type { Clock } from './kit/clock.ts';
import { createLedgerLoaders } from './ledger/loader.ts';
import { createLedger } from './ledger/service.ts';
import type { Watch } from './ledger/watch.ts';
import type { BalanceUpdate } from './live/balance-update.ts';
import type { Bus } from './live/bus.ts';
import { type Announce, createPublishBalances, createPublishChanges } from './live/publish.ts';
import { createSequencer } from './live/sequencer.ts';
import { createLive } from './live/service.ts';
import { createMails } from './mail/service.ts';
import type { Cipher } from './payments/cipher.ts';
import type { PaymentSettings } from './payments/deps.ts';
import {
  createPaymentMethodsLoader,
  createPaymentsLoader,
  createRechargeRulesLoader,
} from './payments/loader.ts';
import { createRechargeWatch } from './payments/recharge/watch.ts';
import { createReturnLoaders } from './payments/refunds/reads.ts';
import { createPayments } from './payments/service.ts';
import { createWithdrawalsLoader } from './payments/withdrawals/store.ts';
import { createSimulations } from './simulation/service.ts';
import { createSubscriptionsLoader } from './subscriptions/loader.ts';
import { createPlanRights } from './subscriptions/plan-rights.ts';
import { createSubscriptions } from './subscriptions/service.ts';
import { createTermsBook } from './subscriptions/terms-book.ts';
import { createPeriodClosing } from './usage/correct/close-periods.ts';
import {
  createChargesLoader,
  createCorrectionsLoader,
  createDrawsLoader,
  createUsageEventsLoader,
} from './usage/loader.ts';
import { createUsage } from './usage/service.ts';
import { createQueueDeliveries, createWebhooks, type WebhookSettings } from './webhooks/service.ts';

export interface ServicesDeps {
  readonly db: Db;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly bootstrapKey: string | null;
  readonly webhooks: WebhookSettings;
  readonly payments: PaymentSettings;
  /** Null: no mail is sent. */
  readonly sendMail: SendMail | null;
  /** See `GroupCommitDeps`. */
  readonly cautiousBatches?: number;
}

export type Services = ReturnType<typeof createServices>;

/** The rooms, put together: who knows whom is said here and nowhere else. */
export function createServices(deps: ServicesDeps) {
  const { db, bus, clock, log, metrics, bootstrapKey, sendMail } = deps;
  const publishBalances = createPublishBalances({ bus });
  const openCode = openerOf(deps.payments.cipher);
  const mails = sendMail && createMails({ db, clock, log, metrics, sendMail, openCode });
  const queueDeliveries = createQueueDeliveries(db);
  const sequencer = createSequencer({
    db,
    bus,
    log,
    metrics,
    publishBalances,
    alongside: async (tx, grown) => {
      await mails?.queueMails(tx, grown);
      return queueDeliveries(tx, grown);
    },
  });
  const publishChanges = createPublishChanges({ bus });
  const announce: Announce = (updates) => {
    publishBalances(updates);
    sequencer.wake();
  };
  const webhooks = createWebhooks({
    db,
    clock,
    log,
    metrics,
    settings: deps.webhooks,
    wake: sequencer.wake,
  });
  const watchRecharges = createRechargeWatch(clock);
  /** Beside each other: where both have something to ask, they share the round trips. */
  const watch: Watch = async (tx, watched, now) => {
    await Promise.all([evaluate(tx, watched, now), watchRecharges(tx, watched, now)]);
  };
  const customers = createCustomers({ db, clock, wake: sequencer.wake });
  const catalog = createCatalog({ db, clock });
  const ledger = createLedger({ db, clock, announce, watch });
  const alerts = createAlerts({ db, clock, announce });
  const subscriptions = createSubscriptions({
    db,
    clock,
    announce,
    publishChanges,
    watch,
  });
  const payments = createPayments({
    db,
    clock,
    log,
    metrics,
    announce,
    watch,
    settings: deps.payments,
    mails: mails !== null,
    catalog,
    subscriptions,
  });
  /** What is due at one instant is done in this order. */
  const timedWork: readonly TimedWork[] = [
    ledger.holdExpiry,
    subscriptions.renewals,
    createPeriodClosing({ db, clock, announce, watch }),
    subscriptions.lateUsage,
    ledger.grantTransitions,
    payments.recharges,
    payments.withdrawals,
    payments.methodExpiry,
    ...alerts.timedWork,
  ];
  const clocks = createClocks({ db, clock, wake: sequencer.wake, timedWork });
  const { cautiousBatches } = deps;
  const promised = { planRightsOf: createPlanRights(db), cardsOf: catalog.cardsOf };
  const terms = createTermsBook({ db, clock }, promised);
  const usage = createUsage({
    db,
    clock,
    customers,
    priceBooks: catalog.books,
    terms,
    announce,
    publishChanges,
    watch,
    cautiousBatches,
  });
  const simulations = createSimulations({
    db,
    clock,
    customers,
    priceBooks: catalog.books,
    plans: catalog.plans,
  });
  const access = createAccess({
    db,
    clock,
    bootstrapKey,
    resolveCustomer: customers.resolveCustomer,
    equip: insertDefaultRules,
    onFault: (error) => log.error({ error }, 'Something beside a request failed.'),
  });
  const { readVersions, readUpdates } = ledger;
  const entitlements = createEntitlements({
    db,
    bus,
    clock,
    log,
    metrics,
    customers,
    promised,
    priceBooks: catalog.books,
  });
  const live = createLive({ db, bus, log, metrics, readVersions, readUpdates });

  /** The wallet's states from now on; null when the viewer may not see such a wallet. */
  async function watchBalance(viewer: Viewer, walletTypeId: string, sinceVersion: number | null) {
    const wallet = await ledger.findWalletByTypeId(viewer, walletTypeId);
    if (!wallet) return null;
    const { organizationId, customerId, id: walletId } = wallet;
    return live.watchBalance({ organizationId, customerId, walletId, sinceVersion });
  }

  function createLoaders(viewer: Viewer) {
    const charges = createChargesLoader(db.direct, viewer);
    return {
      ...createLedgerLoaders(db, ledger, viewer),
      ...createCatalogLoaders(db, viewer),
      ...createAlertLoaders(db, viewer),
      customers: createCustomersLoader(db, viewer),
      testNows: createTestNowsLoader(db.direct),
      usageEvents: createUsageEventsLoader(db, viewer),
      subscriptions: createSubscriptionsLoader(db, viewer),
      payments: createPaymentsLoader(db, viewer),
      ...createReturnLoaders(db, viewer),
      withdrawals: createWithdrawalsLoader(db, viewer),
      rechargeRules: createRechargeRulesLoader(db, viewer),
      paymentMethods: createPaymentMethodsLoader(db, viewer),
      sentBodies: webhooks.createBodiesLoader(viewer),
      charges,
      corrections: createCorrectionsLoader(db.direct, viewer),
      draws: createDrawsLoader(db.direct),
      /** The wallets that an event drew on, as they are now. */
      balancesOfEvent: async (eventId: string): Promise<BalanceUpdate[]> => {
        const walletIds = new Set((await charges.load(eventId)).map((charge) => charge.walletId));
        return ledger.readUpdates([...walletIds].filter((id) => id !== null));
      },
    };
  }

  return {
    /** What the Prisma plug-in of the graph reads with; opaque to everything else. */
    reads: db.prisma as object,
    clock,
    access,
    clocks,
    timedWork,
    customers,
    catalog,
    ledger,
    usage,
    simulations,
    entitlements,
    subscriptions,
    payments,
    alerts,
    sequencer,
    webhooks,
    mails,
    live,
    watchBalance,
    createLoaders,
    /** Finishes what was taken and lets the watchers go. */
    async close() {
      live.close();
      entitlements.close();
      simulations.close();
      await usage.idle();
      await sequencer.close();
      await access.settled();
    },
  };
}

/** What was sealed with a key that is gone stays so. */
function openerOf(cipher: Cipher | null) {
  return (sealed: Uint8Array, context: string): string => {
    if (cipher === null) throw new Error('There is no key to open what was sealed.');
    return cipher.open(sealed, context);
  };
}
