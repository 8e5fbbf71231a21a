import type { Noun } from '../../src/kit/ids.ts';

/** Everything an input of the graph can name. */
export type Thing =
  | Noun
  | 'spareAsset'
  | 'sparePlan'
  | 'dearPlan'
  | 'spareHold'
  | 'spareTrial'
  | 'owingSubscription'
  | 'steadySubscription'
  | 'sparePayment'
  | 'spareMethod'
  | 'spareWithdrawal'
  | 'withdrawnRefund'
  | 'spareKey'
  | 'spareRule'
  | 'spareEndpoint'
  | 'spareClock'
  | 'eventType'
  | 'subject';

/** How it is named: by TypeID, by the merchant's own name, or by its place in a list. */
export type Form = 'id' | 'code' | 'cursor';

/** Stands in a call's variables for something of whoever's world the call is about. */
export class Reference {
  readonly thing: Thing;
  readonly forms: readonly Form[];
  readonly isCustomerRef: boolean;

  constructor(thing: Thing, forms: readonly Form[], isCustomerRef = false) {
    this.thing = thing;
    this.forms = forms;
    this.isCustomerRef = isCustomerRef;
  }
}

export const id = (thing: Thing) => new Reference(thing, ['id']);
export const code = (thing: Thing) => new Reference(thing, ['code']);
export const named = (thing: Thing) => new Reference(thing, ['id', 'code']);
export const customer = new Reference('customer', ['id', 'code'], true);

/** Both directions of a list, from the place of one of its items. */
export const pagesOf = (thing: Thing, others: object = {}) => [
  { first: 5, after: new Reference(thing, ['cursor']), ...others },
  { last: 5, before: new Reference(thing, ['cursor']), ...others },
];

/** The variables of a mutation. */
export function input(fields: object): object {
  return { input: fields };
}
