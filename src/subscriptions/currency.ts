import type { PlanDefinition } from '../catalog/plans/definition.ts';
import { type Reference, referencesOf } from '../catalog/plans/names.ts';
import { storedDefinition } from '../catalog/plans/read-definition.ts';
import type { Tx } from '../infra/db.ts';
import { type Invalid, invalid } from '../kit/refusal.ts';
import type { Overrides } from './subscription.ts';

/** A plan or what a subscription has of its own; whose organization. */
interface Said {
  readonly tx: Tx;
  readonly organizationId: string;
  /** Where it stands in the input. */
  readonly path: string;
}

/** What names another currency than the plan: amounts of a subscription add up, as those of a plan do. */
export async function otherCurrency(
  said: Said,
  plan: PlanDefinition,
  own: PlanDefinition,
): Promise<Invalid | null> {
  const [currency] = await currenciesOf(said, plan);
  if (!currency) return null;
  const others = (await currenciesOf(said, own)).filter(({ code }) => code !== currency.code);
  if (others.length === 0) return null;
  const message = `The plan is in ${currency.code}, and so is what comes in its place.`;
  return invalid(...others.map(({ path }) => ({ path, code: 'NOT_ALLOWED' as const, message })));
}

/** What a subscription has of its own, as a plan says it. */
export function definitionOf({ prices = [], entitlements = [] }: Overrides): PlanDefinition {
  return storedDefinition({ prices, entitlements, seats: {} });
}

async function currenciesOf(
  { tx, organizationId, path }: Said,
  definition: PlanDefinition,
): Promise<Reference[]> {
  const named = referencesOf(path, definition).filter(({ noun }) => noun === 'assets');
  const assets = await tx.prisma.asset.findMany({
    where: { organizationId, kind: 'FIAT', code: { in: named.map(({ code }) => code) } },
    select: { code: true },
  });
  const codes = new Set(assets.map(({ code }) => code));
  return named.filter(({ code }) => codes.has(code));
}
