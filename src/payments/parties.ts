import type { Db, Tx } from '../infra/db.ts';
import { toTypeId } from '../kit/ids.ts';
import type { PaidAsset } from './offer.ts';
import type { PaymentState } from './payment.ts';
import type { Payer, ProviderKind } from './provider.ts';
import { readSettings } from './settings.ts';

/** What a payment is about besides its figures. */
export interface Parties {
  readonly asset: PaidAsset;
  readonly creditAsset: PaidAsset;
  readonly payer: Payer;
  /** Of the provider. */
  readonly providerKind: ProviderKind;
  /** What the organization says about refunds; null: nothing. */
  readonly refundPolicy: string | null;
}

/** Who pays, in what, and what it is credited in. */
export async function readParties(
  db: Pick<Db, 'prisma'> | Tx,
  { organizationId, customerId, assetId, creditAssetId, providerId }: PaymentState,
): Promise<Parties> {
  const { prisma } = db;
  const customer = await prisma.customer.findUniqueOrThrow({ where: { id: customerId } });
  const assets = await prisma.asset.findMany({ where: { id: { in: [assetId, creditAssetId] } } });
  const asset = assets.find(({ id }) => id === assetId);
  const creditAsset = assets.find(({ id }) => id === creditAssetId);
  if (!asset || !creditAsset) throw new Error('A payment names an asset that is not there.');
  const provider = await prisma.paymentProvider.findUniqueOrThrow({ where: { id: providerId } });
  const { name, email } = customer;
  const payer = { id: toTypeId('customer', customerId), name, email };
  const { refundPolicy } = await readSettings(db, organizationId);
  return { asset, creditAsset, payer, providerKind: provider.kind, refundPolicy };
}
