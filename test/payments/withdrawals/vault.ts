import type { Viewer } from '../../../src/access/viewer.ts';
import type { Id } from '../../../src/kit/ids.ts';
import { createCipher } from '../../../src/payments/cipher.ts';
import type { PaymentsRoom } from '../../../src/payments/deps.ts';
import { cancelWithdrawal } from '../../../src/payments/withdrawals/cancel-withdrawal.ts';
import { createWithdrawalWork } from '../../../src/payments/withdrawals/timed.ts';
import { type Asked, openDesk } from '../refunds/desk.ts';

export type Vault = Awaited<ReturnType<typeof openVault>>;

const WITHDRAWAL = `id status amount paid codeMailed triesLeft confirmBy confirmedAt releasesAt closedAt asset { code }
  refunds(first: 50) { edges { node { amount status taken shortfall failureCode payment { id } } } }`;

/** As an error of some kind any may be asked for. The last brace is the till's. */
const DETAILS = `... on Error { ... on WrongCodeError { triesLeft }
  ... on ValidationError { issues { message } }`;

interface RefundEdge {
  readonly node: { readonly amount: string; readonly status: string; readonly payment: Asked };
}

/** A desk whose money can be withdrawn: what is asked goes to the server, what time brings to a room with the stand-in. */
export async function openVault() {
  const desk = await openDesk();
  const { till, db } = desk;
  const cipher = createCipher(Buffer.alloc(32, 7));
  const room: PaymentsRoom = { ...desk.room, settings: { ...desk.room.settings, cipher } };
  const work = createWithdrawalWork(room);
  const organization = await db.prisma.organization.findFirstOrThrow();
  const viewer: Viewer = {
    organizationId: organization.id as Id<'organization'>,
    ...{ mode: 'TEST', kind: 'KEY', keyId: null, signingKeyId: null, customerId: null },
    scopes: new Set(),
    expiresAt: null,
  };

  const vault = {
    ...desk,
    room,
    viewer,
    work,
    async walletOf(externalId: string, asset = 'USD'): Promise<string> {
      const { customer } = await till.run(
        'query ($ref: CustomerRef!) { customer(ref: $ref) { wallets { id asset { code } } } }',
        { ref: { externalId } },
      );
      return customer.wallets.find(
        (wallet: { asset: { code: string } }) => wallet.asset.code === asset,
      ).id;
    },
    /** What was answered, whatever it was. */
    ask: (name: string, input: object, key?: string) =>
      till.mutate(
        name,
        input,
        `${name === 'requestWithdrawal' ? 'confirmationCode' : ''} withdrawal { ${WITHDRAWAL} } } ${DETAILS}`,
        key,
      ),
    async request(externalId: string, input: { asset?: string; [name: string]: unknown } = {}) {
      const { asset, ...rest } = input;
      return vault.ask('requestWithdrawal', {
        wallet: await vault.walletOf(externalId, asset),
        ...rest,
      });
    },
    /** A withdrawal that waits to be confirmed, with its code. */
    async requested(externalId: string, input: { asset?: string; [name: string]: unknown } = {}) {
      const {
        withdrawal,
        confirmationCode: code,
        message,
      } = await vault.request(externalId, input);
      if (!withdrawal) throw new Error(message);
      return { id: withdrawal.id as string, code: code as string };
    },
    confirm: (withdrawal: string, code: string) =>
      vault.ask('confirmWithdrawal', { withdrawal, code }),
    cancel: (withdrawal: string) => vault.ask('cancelWithdrawal', { withdrawal }),
    cancelHere: (withdrawal: string) => cancelWithdrawal(room, viewer, { withdrawal }),
    /** One that is confirmed and waits for its time. */
    async held(externalId: string, input: { asset?: string; [name: string]: unknown } = {}) {
      const made = await vault.requested(externalId, input);
      const { withdrawal } = await vault.confirm(made.id, made.code);
      if (withdrawal?.status !== 'HELD') throw new Error('It was not confirmed.');
      return made;
    },
    async read(id: string) {
      const { withdrawal } = await till.run(
        `query ($id: ID!) { withdrawal(id: $id) { ${WITHDRAWAL} } }`,
        { id },
      );
      return withdrawal;
    },
    /** `amount status` of its refunds, of the newest payment first. */
    async parts(id: string): Promise<string[]> {
      const { refunds } = await vault.read(id);
      return refunds.edges.map(({ node }: RefundEdge) => `${node.amount} ${node.status}`).reverse();
    },
    /** Does what time brings. */
    async pass(ms = 0): Promise<void> {
      till.clock.advance(ms);
      while (await work.run(null));
    },
    holds: (withdrawalHoldSeconds: number) =>
      till.given('updatePaymentSettings', { withdrawalHoldSeconds }, 'organization { id }'),
  };
  return vault;
}
