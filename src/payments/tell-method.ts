import type { Told } from '../live/event.ts';

/** A method, as far as it is told of. */
export interface TellableMethod {
  readonly id: string;
  readonly organizationId: string;
  readonly customerId: string;
  readonly brand: string;
  readonly last4: string | null;
}

/** That a method is kept, or is not used any more. */
export function toldOfMethod(
  { id: methodId, organizationId, customerId, brand, last4 }: TellableMethod,
  type: 'payment_method.attached' | 'payment_method.detached',
): Told {
  return { organizationId, customerId, fact: { type, methodId, brand, last4 } };
}

/** That a method expires at the end of the month that it is good until. */
export function toldOfExpiring(method: TellableMethod, expiresAt: Date): Told {
  const { id: methodId, organizationId, customerId, brand, last4 } = method;
  const until = expiresAt.toISOString();
  const facts = { methodId, brand, last4, expiresAt: until };
  return { organizationId, customerId, fact: { type: 'payment_method.expiring', ...facts } };
}
