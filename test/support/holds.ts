import type { Bank } from './money.ts';

const ERRORS = `... on Error { code message retryable } ... on ValidationError { issues { path code } }
  ... on IdempotencyMismatchError { key field } ... on NotFoundError { path what }
  ... on InsufficientFundsError { available required shortfall } ... on HoldClosedError { status hold { id } }`;
const HOLD = 'hold { id status amount held captured captureCount expiresAt closedAt }';
const BALANCE = 'balance { version cause balance { settled held available } }';

let events = 0;

/** Short words for what is done with the holds of a bank's customers. */
export function holdsOf({ run, api }: Bank) {
  return {
    place: (externalId: string, input: object = {}) =>
      run(
        `mutation ($input: PlaceHoldInput!) { result: placeHold(input: $input) {
          __typename ... on PlaceHoldPayload { created ${HOLD} ${BALANCE} } ${ERRORS}
        } }`,
        { customer: { externalId }, ...('metric' in input ? {} : { asset: 'USD' }), ...input },
      ),
    /** `n` units, which cost a dollar each, in one event unless several are given. */
    capture: (
      hold: string,
      n: number | string | readonly (number | string)[],
      input: object = {},
    ) =>
      run(
        `mutation ($input: CaptureHoldInput!) { result: captureHold(input: $input) {
          __typename ... on CaptureHoldPayload { duplicate late ${HOLD} ${BALANCE}
            events { duplicate charges { amount draws { amount grant { id } } } } } ${ERRORS}
        } }`,
        { hold, events: [n].flat().map((each) => eventOf(each as number | string)), ...input },
      ),
    extend: (hold: string, input: object) =>
      run(
        `mutation ($input: ExtendHoldInput!) { result: extendHold(input: $input) {
          __typename ... on ExtendHoldPayload { ${HOLD} ${BALANCE} } ${ERRORS}
        } }`,
        { hold, ...input },
      ),
    release: (hold: string) =>
      run(
        `mutation ($input: ReleaseHoldInput!) { result: releaseHold(input: $input) {
          __typename ... on ReleaseHoldPayload { ${HOLD} ${BALANCE} } ${ERRORS}
        } }`,
        { hold },
      ),
    async balance(externalId: string) {
      const { data } = await api.ask(
        `query ($ref: CustomerRef!) { customer(ref: $ref) { wallets { version balance { settled held available } } } }`,
        { ref: { externalId } },
      );
      return data.customer.wallets[0].balance;
    },
  };
}

export function eventOf(n: number | string, eventId = `captured-${events++}`) {
  return { eventId, type: 'use', properties: { n } };
}
