import type { Viewer } from '../../src/access/viewer.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { given, type Laboratory, openCustomer } from '../laws/laboratory.ts';

/** A payment of 10 that was credited, of which 3 were spent and everything was given back. Answers its stored ids. */
export async function keepPayments({ services }: Laboratory, viewer: Viewer, asset: string) {
  const { payments, usage } = services;
  const config = {};
  const provider = { code: 'wire', kind: 'MANUAL' as const, config, isDefault: true };
  given(await payments.savePaymentProvider(viewer, provider));
  given(await payments.updatePaymentSettings(viewer, { spentCreditPolicy: 'WRITE_OFF' }));
  const gwen = await openCustomer(services, viewer, 'gwen');
  const { paymentId } = given(await payments.createTopUp(viewer, gwen, { asset, amount: '10' }));
  const payment = toTypeId('payment', paymentId);
  given(await payments.confirmPayment(viewer, { payment, reference: 'bank' }));
  const used = { customer: { externalId: 'gwen' }, eventId: 'of what was paid', type: 'llm' };
  const properties = { model: 'large', tokens: 6 };
  given(await usage.record(viewer, { ...used, properties }));
  const { refundId } = given(await payments.refundPayment(viewer, { payment }));
  return { payment: paymentId as string, refund: refundId as string };
}
