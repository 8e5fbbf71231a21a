import type { Provider } from '../../provider.ts';
import { cancelPayment } from './cancel-payment.ts';
import { chargeMethod } from './charge-method.ts';
import type { StripeClient } from './client.ts';
import { createCheckout } from './create-checkout.ts';
import { toProviderError } from './errors.ts';
import { fetchPayment } from './fetch-payment.ts';
import { readWebhook } from './read-webhook.ts';
import { refund } from './refund.ts';

/** The port, spoken with Stripe: each verb is a file, and what the SDK throws is put into the port's words here. */
export function createStripeProvider(client: StripeClient): Provider {
  return {
    createCheckout: (request) => translated(createCheckout(client, request)),
    chargeMethod: (request) => translated(chargeMethod(client, request)),
    refund: (request) => translated(refund(client, request)),
    fetchPayment: (ref) => translated(fetchPayment(client, ref)),
    cancelPayment: (ref) => translated(cancelPayment(client, ref)),
    readWebhook: (raw) => readWebhook(client, raw),
  };

  async function translated<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw toProviderError(client, error);
    }
  }
}
