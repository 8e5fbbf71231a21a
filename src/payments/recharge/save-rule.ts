import type { Viewer } from '../../access/viewer.ts';
import type { Catalog } from '../../catalog/service.ts';
import type { Tx } from '../../infra/db.ts';
import { plain } from '../../kit/decimal.ts';
import { type Id, newId } from '../../kit/ids.ts';
import { type CommonRefusal, conflict, isRefusal, notFound } from '../../kit/refusal.ts';
import type { PaymentsRoom } from '../deps.ts';
import { cardNumberFault } from '../refuse-card-numbers.ts';
import { changeRule, type RuleSaved } from './change-rule.ts';
import { type ReadTerms, readTerms, type SaveRechargeRuleInput } from './read-input.ts';
import { findMethod, findRuleOf, findWallet, recognizedBy } from './store.ts';

type Wallet = NonNullable<Awaited<ReturnType<typeof findWallet>>>;
type Method = NonNullable<Awaited<ReturnType<typeof findMethod>>>;

/** What was looked up for a rule. */
interface Parts {
  readonly wallet: Wallet;
  readonly method: Method;
  readonly assetId: string;
  readonly terms: ReadTerms;
}

/**
 * Makes the rule of a wallet what the input says, all of it anew. It is evaluated in the same transaction: a wallet that is low
 * already is recharged at once. With another card it is no longer suspended; with the same one it stays so.
 */
export async function saveRechargeRule(
  room: PaymentsRoom & { readonly catalog: Pick<Catalog, 'resolveAsset'> },
  viewer: Viewer,
  input: SaveRechargeRuleInput,
): Promise<RuleSaved | CommonRefusal> {
  const { currency, idempotencyKey } = input;
  const fault = cardNumberFault({ currency, idempotencyKey });
  if (fault) return fault;
  const wallet = await findWallet(room.db, viewer, input.wallet);
  if (!wallet) return notFound('wallet', 'Wallet', input.wallet);
  const method = await findMethod(room.db, wallet.customerId, input.method);
  if (!method) return notFound('method', 'PaymentMethod', input.method);
  if (method.provider.disabledAt !== null) return conflict('method', 'Its provider is disabled.');
  const asset = await room.catalog.resolveAsset(
    viewer,
    input.currency ?? wallet.asset.code,
    'currency',
  );
  if (isRefusal(asset)) return asset;
  const terms = readTerms(input, wallet.asset, asset);
  if (isRefusal(terms)) return terms;
  const parts = { wallet, method, assetId: asset.id, terms };
  const call = { operation: 'saveAutoRechargeRule', input };
  return changeRule(room, viewer, { call, wallet }, async (tx, now) => ({
    ruleId: await write(tx, parts, now),
  }));
}

async function write(
  tx: Tx,
  { wallet, method, assetId, terms }: Parts,
  now: Date,
): Promise<Id<'autoRechargeRule'>> {
  const { threshold, amount, target, maxAmount, ...rest } = terms;
  const said = {
    ...rest,
    threshold: plain(threshold),
    amount: amount === null ? null : plain(amount),
    target: target === null ? null : plain(target),
    maxAmount: plain(maxAmount),
    assetId,
    methodId: method.id,
    updatedAt: now,
  };
  const before = await findRuleOf(tx, wallet.id);
  if (!before) {
    const id = newId('autoRechargeRule');
    const { id: walletId, customerId, organizationId } = wallet;
    const of = { id, walletId, customerId, organizationId };
    await tx.prisma.autoRechargeRule.create({
      // How it stands is found right behind.
      data: { ...of, ...said, status: 'DISABLED', createdAt: now },
    });
    return id;
  }
  const fresh = (await isAnotherCard(tx, before, method)) ? UNBURDENED : {};
  await tx.prisma.autoRechargeRule.update({
    where: { id: before.id },
    data: { ...said, ...fresh },
  });
  return before.id as Id<'autoRechargeRule'>;
}

/** What another card has nothing to do with. */
const UNBURDENED = {
  failures: 0,
  retryAt: null,
  suspendedAt: null,
  suspendedReason: null,
  suspendedMethod: null,
};

/** Than the one that failed: a card that is shown again, under another token, is the same. */
async function isAnotherCard(
  { prisma }: Tx,
  before: {
    readonly methodId: string;
    readonly customerId: string;
    readonly suspendedMethod: string | null;
  },
  method: Method,
): Promise<boolean> {
  const { methodId: id, customerId } = before;
  const used = await prisma.paymentMethod.findUniqueOrThrow({
    where: { id_customerId: { id, customerId } },
  });
  return recognizedBy(method) !== (before.suspendedMethod ?? recognizedBy(used));
}
