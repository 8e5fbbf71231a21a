import type { Statement } from '../../infra/db.ts';

/** What a history is made of; each is named as it is in the graph. */
export const HISTORY_KINDS = [
  'Payment',
  'PaymentRefund',
  'PaymentDispute',
  'CreditGrant',
  'Adjustment',
  'SubscriptionPeriod',
  'SubscriptionCharge',
] as const;

export type HistoryKind = (typeof HISTORY_KINDS)[number];

export interface HistoryRow {
  readonly kind: HistoryKind;
  readonly id: string;
}

type Order = 'ASC' | 'DESC';

/** Where each of them is found in the order of its ids, which is that of time: `from`, and who it is narrowed by. */
const SOURCES: Readonly<Record<HistoryKind, { readonly from: string; readonly of?: string }>> = {
  Payment: { from: 'payments' },
  PaymentRefund: { from: 'payment_refunds' },
  PaymentDispute: { from: 'payment_disputes' },
  CreditGrant: { from: 'credit_grants', of: 'wallet' },
  Adjustment: { from: 'adjustments' },
  SubscriptionPeriod: { from: 'subscription_periods' },
  SubscriptionCharge: { from: 'subscription_charges', of: 'subscription' },
};

/** A page of one kind. Those of wallets and subscriptions are taken from each of them: that is what they are indexed by. */
function pageOf(kind: HistoryKind, order: Order): string {
  const { from, of } = SOURCES[kind];
  const page = (where: string) => `SELECT t.id FROM ${from} t WHERE ${where}
      AND t.id > $2::uuid AND t.id < $3::uuid AND '${kind}' = ANY($4::text[]) ORDER BY t.id ${order} LIMIT $5::int`;
  if (of === undefined)
    return `(SELECT '${kind}' AS kind, p.id FROM (${page('t.customer_id = $1::uuid')}) p)`;
  return `(SELECT '${kind}' AS kind, p.id FROM ${of}s o CROSS JOIN LATERAL
      (${page(`t.${of}_id = o.id AND t.customer_id = o.customer_id`)}) p WHERE o.customer_id = $1::uuid)`;
}

function readHistory(order: Order): Statement {
  return {
    name: `payments.read_history_${order.toLowerCase()}`,
    text: `SELECT kind, id FROM (${HISTORY_KINDS.map((kind) => pageOf(kind, order)).join('\n    UNION ALL ')}) items
    ORDER BY id ${order} LIMIT $5::int`,
  };
}

/**
 * A page of all that was paid, given and charged to a customer. Parameters: customer, the ids that it lies between, which kinds,
 * how many.
 */
export const READ_HISTORY: Readonly<Record<Order, Statement>> = {
  ASC: readHistory('ASC'),
  DESC: readHistory('DESC'),
};
