import type { Checker } from '../../kit/check.ts';
import { ZERO } from '../../kit/decimal.ts';
import { below } from '../../kit/fields.ts';
import { dimensionsKey } from '../dimensions.ts';
import type { AddOnDefinition, PlanDefinition } from './definition.ts';
import { checkUnique } from './unique.ts';

/** What the parts of a plan must be to each other. */
export function checkWhole(check: Checker, path: string, plan: PlanDefinition): void {
  const at = (name: string) => below(path, name);
  checkUnique(check, at('prices'), plan.prices, (price) =>
    [price.metric, price.asset, dimensionsKey(price.dimensions)].join(' '),
  );
  checkUnique(check, at('addOns'), plan.addOns, (addOn) => addOn.code);
  checkUnique(check, `${at('trial')}.credits`, plan.trial?.credits ?? [], ({ code }) => code);
  for (const [place, part] of partsOf(path, plan)) {
    checkUnique(check, below(place, 'fees'), part.fees, (fee) => fee.code);
    checkUnique(check, below(place, 'credits'), part.credits, (credits) => credits.code);
    checkUnique(check, below(place, 'entitlements'), part.entitlements, ({ feature }) => feature);
  }
  if (plan.asset === null && needsAsset(plan)) {
    check.note(at('asset'), 'REQUIRED', 'Say which asset fees, seats and the minimum are in.');
  }
  if (plan.seats === null) checkNoSeats(check, path, plan);
}

/** Whether there is nothing in it that a subscriber would pay or get. */
export function isEmpty(plan: PlanDefinition): boolean {
  const { fees, prices, credits, entitlements } = plan;
  const parts = fees.length + prices.length + credits.length + entitlements.length;
  return parts === 0 && plan.minimum === null && (plan.seats?.amount ?? ZERO) === ZERO;
}

type Part = Pick<AddOnDefinition, 'fees' | 'credits' | 'entitlements'>;

/** The plan itself and its add-ons, each with its path. */
export function partsOf(path: string, plan: PlanDefinition): [string, Part][] {
  const addOns = below(path, 'addOns');
  return [
    [path, plan],
    ...plan.addOns.map((addOn, index): [string, Part] => [`${addOns}.${index}`, addOn]),
  ];
}

function needsAsset({ fees, minimum, seats, addOns }: PlanDefinition): boolean {
  const hasFees = fees.length > 0 || addOns.some((addOn) => addOn.fees.length > 0);
  return hasFees || minimum !== null || (seats !== null && seats.amount > ZERO);
}

/** Without seats there is nothing to count "per seat" with. */
function checkNoSeats(check: Checker, path: string, plan: PlanDefinition): void {
  const note = (item: string) =>
    check.note(`${item}.perSeat`, 'NOT_ALLOWED', 'The plan has no seats.');
  for (const [place, part] of partsOf(path, plan)) {
    for (const name of ['fees', 'credits', 'entitlements'] as const) {
      for (const [index, item] of part[name].entries()) {
        if (item.perSeat) note(`${below(place, name)}.${index}`);
      }
    }
  }
  for (const [index, credits] of plan.trial?.credits.entries() ?? []) {
    if (credits.perSeat) note(`${below(path, 'trial')}.credits.${index}`);
  }
}
