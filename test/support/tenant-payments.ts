import { fromTypeId, newId, toTypeId } from '../../src/kit/ids.ts';
import type { Ask } from './api.ts';
import { withClient } from './stored-organization.ts';

type Ids = Readonly<Record<string, string | undefined>>;

/** A provider of the organization, and an event that it has sent. A walk pays more often than anybody may. */
export async function createPaymentProvider(
  ask: Ask,
  key: string,
  name: string,
  databaseUrl: string,
) {
  const { data, errors } = await ask(
    `mutation {
      updatePaymentSettings(input: { limits: { customerAttempts: 1000, ipAttempts: 1000 } }) { __typename }
      savePaymentProvider(input: { code: "${name}_wire", config: { manual: {} }, isDefault: true }) {
      ... on SavePaymentProviderPayload { provider { id } } } }`,
    {},
    key,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  const { id: paymentProvider } = data.savePaymentProvider.provider;
  const paymentEvent = newId('paymentEvent');
  await withClient(databaseUrl, (client) =>
    client.query(
      `INSERT INTO payment_events (id, organization_id, provider_id, event_id, type, body, received_at)
      SELECT $1::uuid, organization_id, id, 'evt_1', 'told', '{}', now() FROM payment_providers WHERE id = $2`,
      [paymentEvent, fromTypeId('paymentProvider', paymentProvider)],
    ),
  );
  return { paymentProvider, paymentEvent: toTypeId('paymentEvent', paymentEvent) };
}

/** A payment of which less than all has come in, one that waits, and how the customer pays. */
export async function createPayments(
  ask: Ask,
  key: string,
  catalog: Ids,
  customer: string,
  name: string,
  databaseUrl: string,
) {
  const top = `createTopUp(input: { customer: { id: "${customer}" }, asset: "${catalog.asset}", amount: "4",
    metadata: { secret: "${name} secret" } }) { ... on CreateTopUpPayload { payment { id } } }`;
  const link = `createPaymentLink(input: { customer: { id: "${customer}" }, asset: "${catalog.asset}", amount: "4",
    description: "${name} secret", metadata: { secret: "${name} secret" } }) {
    ... on CreatePaymentLinkPayload { link { id } } }`;
  const made = await ask(`mutation { one: ${top} two: ${top} link: ${link} }`, {}, key);
  const payment = made.data.one.payment.id;
  const { data, errors } = await ask(
    `mutation { confirmPayment(input: { payment: "${payment}", reference: "bank", amount: "2" }) {
      ... on ConfirmPaymentPayload { payment { credits(first: 1) { edges { node { id } } } } } } }`,
    {},
    key,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  await withClient(databaseUrl, (client) =>
    client.query('UPDATE payments SET link_id = $2 WHERE id = $1', [
      fromTypeId('payment', payment),
      fromTypeId('paymentLink', made.data.link.link.id),
    ]),
  );
  const refunded = await ask(
    `mutation { refundPayment(input: { payment: "${payment}", amount: "1", reason: "${name} secret" }) {
      ... on RefundPaymentPayload { refund { id } } } }`,
    {},
    key,
  );
  const dispute = newId('paymentDispute');
  const found = await ask('{ paymentMismatches(first: 1) { edges { node { id } } } }', {}, key);
  const method = newId('paymentMethod');
  const spareMethod = newId('paymentMethod');
  await withClient(databaseUrl, (client) =>
    client.query(
      `INSERT INTO payment_methods (id, organization_id, customer_id, provider_id, token, brand, created_at)
      SELECT m.id, p.organization_id, c.id, p.id, m.id, 'visa', now() FROM payment_providers p
      JOIN customers c ON c.id = $2::uuid AND c.organization_id = p.organization_id
      CROSS JOIN unnest($1::uuid[]) AS m (id)`,
      [[method, spareMethod], fromTypeId('customer', customer)],
    ),
  );
  await withClient(databaseUrl, (client) =>
    client.query(
      `INSERT INTO payment_disputes (id, organization_id, customer_id, payment_id, wallet_id, ref, status, amount, credit,
        bonus, lapsed, shortfall, spent_credit_policy, allocations, created_at, updated_at)
      SELECT $1::uuid, organization_id, customer_id, payment_id, wallet_id, 'dp', 'OPEN', 1, 0, 0, 0, 0,
        'WRITE_OFF', '[]', now(), now() FROM payment_refunds WHERE id = $2`,
      [dispute, fromTypeId('paymentRefund', refunded.data.refundPayment.refund.id)],
    ),
  );
  const rule = newId('autoRechargeRule');
  await withClient(databaseUrl, (client) =>
    client.query(
      `INSERT INTO auto_recharge_rules (id, organization_id, customer_id, wallet_id, enabled, threshold, amount, asset_id,
        method_id, period, max_amount, max_count, cooldown_seconds, status, created_at, updated_at)
      SELECT $1::uuid, w.organization_id, w.customer_id, w.id, false, 0, 1, w.asset_id, $2::uuid, 'DAY', 1, 1, 0,
        'DISABLED', now(), now() FROM wallets w WHERE w.customer_id = $3::uuid ORDER BY w.id LIMIT 1`,
      [rule, method, fromTypeId('customer', customer)],
    ),
  );
  return {
    payment,
    paymentLink: made.data.link.link.id,
    autoRechargeRule: toTypeId('autoRechargeRule', rule),
    sparePayment: made.data.two.payment.id,
    paymentCredit: data.confirmPayment.payment.credits.edges[0].node.id,
    paymentRefund: refunded.data.refundPayment.refund.id,
    paymentDispute: toTypeId('paymentDispute', dispute),
    paymentMismatch: found.data.paymentMismatches.edges[0].node.id,
    paymentMethod: toTypeId('paymentMethod', method),
    spareMethod: toTypeId('paymentMethod', spareMethod),
  };
}
