import type { ProviderPayment } from '../../provider.ts';
import { type Bill, fromStripe, withoutTax } from './amounts.ts';
import type { StripeClient } from './client.ts';
import { type FoundPayment, findPayment } from './find-payment.ts';
import { listDisputes } from './list-disputes.ts';
import { listRefunds, type RefundsMade } from './list-refunds.ts';
import { readFailure } from './read-failure.ts';
import { readMethod } from './read-method.ts';
import { actionUrlOf, statusOf } from './read-status.ts';

/** Everything that Stripe says of a payment now. */
export async function fetchPayment(
  client: StripeClient,
  ref: string,
): Promise<ProviderPayment | null> {
  const found = await findPayment(client, ref);
  return found && (await readPayment(client, found));
}

async function readPayment(client: StripeClient, found: FoundPayment): Promise<ProviderPayment> {
  const { session, intent } = found;
  const bill = billOf(found);
  const { received, paid } = receivedOf(found, bill);
  const [{ refunds }, disputes] = await Promise.all([
    refundsOf(client, found, bill),
    listDisputes(client, intent, bill),
  ]);
  return {
    ref: refOf(found),
    paymentId: paymentIdOf(found),
    status: statusOf(session, intent),
    currency: bill.currency,
    paid,
    tax: received - paid,
    refunds,
    disputes,
    method: intent && readMethod(intent),
    failure: intent && readFailure(intent),
    actionUrl: intent && actionUrlOf(intent),
  };
}

/** What has been given back of it, and what can be. */
export function refundsOf(
  client: StripeClient,
  found: FoundPayment,
  bill: Bill,
): Promise<RefundsMade> {
  const { received, paid } = receivedOf(found, bill);
  const { currency } = bill;
  return listRefunds(client, found.intent, { currency, gross: received, net: paid });
}

/** What it costs, with and without tax. */
export function billOf({ session, intent }: FoundPayment): Bill {
  const currency = (session?.currency ?? intent?.currency ?? '').toUpperCase();
  const total = session?.amount_total ?? intent?.amount ?? 0;
  const tax = session?.total_details?.amount_tax ?? 0;
  return {
    currency,
    gross: fromStripe(total, currency),
    net: fromStripe(total - tax, currency),
  };
}

/** What has arrived, with and without tax. */
function receivedOf({ intent }: FoundPayment, bill: Bill) {
  const received = fromStripe(intent?.amount_received ?? 0, bill.currency);
  return { received, paid: withoutTax(received, bill) };
}

function refOf({ session, intent }: FoundPayment): string {
  return session === null ? intent.id : session.id;
}

/** From the metadata alone, which none but the merchant writes: `client_reference_id` is also taken from addresses of links. */
export function paymentIdOf({ session, intent }: FoundPayment): string | null {
  return session?.metadata?.paymentId ?? intent?.metadata.paymentId ?? null;
}
