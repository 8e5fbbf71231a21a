import type { CustomerRef } from '../src/customers/customer-ref.ts';
import type { Id } from '../src/kit/ids.ts';
import { isRefusal, type NotFound } from '../src/kit/refusal.ts';
import type { LedgerAsset } from '../src/ledger/change-wallet.ts';
import type { Context } from './context.ts';
import { viewerOf } from './scopes.ts';

/** Whose money an operation is about, and in what. */
export interface Target {
  readonly customerId: Id<'customer'>;
  readonly asset: LedgerAsset;
}

/** Finds the customer and asset that an input names, if this credential may see them. */
export async function targetOf(
  context: Context,
  input: { readonly customer: CustomerRef; readonly asset: string },
): Promise<Target | NotFound> {
  const viewer = viewerOf(context);
  const [customerId, asset] = await Promise.all([
    context.services.customers.resolveCustomer(viewer, input.customer),
    context.services.catalog.resolveAsset(viewer, input.asset),
  ]);
  if (isRefusal(customerId)) return customerId;
  return isRefusal(asset) ? asset : { customerId, asset };
}
