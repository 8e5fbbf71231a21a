import { fromTypeId } from '../../src/kit/ids.ts';
import { createCipher } from '../../src/payments/cipher.ts';
import type { Ask } from './api.ts';
import { withClient } from './stored-organization.ts';

type Ids = Readonly<Record<string, string | undefined>>;

const KEY = Buffer.alloc(32, 7);

/** What a server of a walk has to know, so that withdrawals have codes. */
export const WITH_CODES = { DRAWDOWN_ENCRYPTION_KEY: KEY.toString('base64') };

/** That of the withdrawals of all worlds, so that a call can say it. */
export const CONFIRMATION_CODE = '12345678';

/** A payment of which all has come, a withdrawal of a part that waits to be confirmed, and one that is to be called off. */
export async function createWithdrawals(
  ask: Ask,
  key: string,
  { customer = '', wallet = '' }: Ids,
  name: string,
  databaseUrl: string,
) {
  const run = async (document: string) => {
    const { data, errors } = await ask(document, {}, key);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const { wallet: of } = await run(`{ wallet(id: "${wallet}") { asset { id } } }`);
  const top = `customer: { id: "${customer}" }, asset: "${of.asset.id}", amount: "4"`;
  const { createTopUp } = await run(
    `mutation { createTopUp(input: { ${top} }) { ... on CreateTopUpPayload { payment { id } } } }`,
  );
  const { id: payment } = createTopUp.payment;
  await run(
    `mutation { confirmPayment(input: { payment: "${payment}", reference: "all" }) { __typename } }`,
  );
  await forgetAttempt(databaseUrl, payment);
  const request = `requestWithdrawal(input: { wallet: "${wallet}", amount: "0.5", reason: "${name} secret" }) {
    ... on RequestWithdrawalPayload { withdrawal { id refunds(first: 1) { edges { node { id } } } } }
    ... on Error { message } }`;
  const { one, two } = await run(`mutation { one: ${request} two: ${request} }`);
  const { id } = one.withdrawal;
  await giveCode(databaseUrl, fromTypeId('withdrawal', id) ?? '');
  return {
    withdrawal: id,
    withdrawnRefund: one.withdrawal.refunds.edges[0].node.id,
    spareWithdrawal: two.withdrawal.id,
  };
}

/** So that the walk may ask for as many as before. */
async function forgetAttempt(databaseUrl: string, payment: string): Promise<void> {
  const id = fromTypeId('payment', payment);
  await withClient(databaseUrl, (client) =>
    client.query('DELETE FROM payment_attempts WHERE payment_id = $1', [id]),
  );
}

/** Its own is kept nowhere. */
async function giveCode(databaseUrl: string, id: string): Promise<void> {
  const digest = createCipher(KEY).digest(`withdrawal:${id}:salt:${CONFIRMATION_CODE}`);
  await withClient(databaseUrl, (client) =>
    client.query(`UPDATE withdrawals SET code_salt = 'salt', code_digest = $2 WHERE id = $1`, [
      id,
      digest,
    ]),
  );
}
