import { redactCardNumbers } from '../kit/card-numbers.ts';
import type { PaymentFailure, ProviderPayment } from './provider.ts';

/** What a provider says of a payment, without what may be numbers of cards in what it says in words. */
export function redactObject(object: ProviderPayment): ProviderPayment {
  return {
    ...object,
    failure: object.failure && redactFailure(object.failure),
    disputes: object.disputes.map((dispute) => ({
      ...dispute,
      reason: dispute.reason && redactCardNumbers(dispute.reason),
    })),
  };
}

export function redactFailure({ code, message, attempt }: PaymentFailure): PaymentFailure {
  const said = { code: redactCardNumbers(code), message: redactCardNumbers(message) };
  return attempt === undefined ? said : { ...said, attempt };
}
