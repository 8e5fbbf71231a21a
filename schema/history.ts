import { resolveCursorConnection } from '@pothos/plugin-relay';
import type { HistoryItem as Item } from '../src/payments/read-history.ts';
import { Adjustment } from './adjustment.ts';
import { builder } from './builder.ts';
import { CURSORS, cursorOf } from './cursor.ts';
import { CreditGrant } from './grant.ts';
import { Payment } from './payment.ts';
import { PaymentDispute, PaymentRefund } from './payment-returns.ts';
import { viewerOf } from './scopes.ts';
import { SubscriptionCharge, SubscriptionPeriod } from './subscription-period.ts';

const HistoryItem = builder.unionType('HistoryItem', {
  description:
    'Something that a customer has paid, was given or was charged, as it is now. A grant says itself whether it has expired.',
  types: [
    Payment,
    PaymentRefund,
    PaymentDispute,
    CreditGrant,
    Adjustment,
    SubscriptionPeriod,
    SubscriptionCharge,
  ],
  resolveType: (item) => (item as unknown as Item).__typename,
});

builder.prismaObjectField('Customer', 'history', (t) =>
  t.connection(
    {
      type: HistoryItem,
      extensions: { cursors: 'idAndCustomer' },
      authScopes: { can: 'payment:read' },
      select: { id: true },
      description:
        'What they paid and what became of it, for ever and in one order, newest first: payments, what went back of them, grants, voids and other adjustments, periods of subscriptions and what they cost. Grants and adjustments take `wallet:read`, subscriptions `subscription:read`: a credential without them is shown the rest.',
      resolve: (customer, args, context) =>
        resolveCursorConnection<Promise<Item[]>>(
          { args, defaultSize: 20, maxSize: 100, toCursor: cursorOf },
          async ({ after, before, limit, inverted }) => {
            const places = [placeOf(after, customer.id), placeOf(before, customer.id)];
            if (places.includes('ELSEWHERE')) return [];
            const [behind = null, until = null] = places;
            return context.services.payments.readHistory(viewerOf(context), customer.id, {
              after: behind,
              before: until,
              limit,
              isInverted: inverted,
            });
          },
        ) as never,
    },
    { description: 'A page of what a customer has paid and was given.' },
    { description: 'An item and its place in the history.' },
  ),
);

/** The id behind which a page begins; a place in the history of somebody else is none. */
function placeOf(cursor: string | undefined, customerId: string): string | null {
  const place = cursor === undefined ? null : CURSORS.idAndCustomer(cursor);
  if (place === null) return null;
  const { id, customerId: whose } = place.id_customerId;
  return whose === customerId ? id : 'ELSEWHERE';
}
