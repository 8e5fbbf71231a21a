/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "fragment LeasedHold on Hold {\n  id\n  status\n  held\n}\n\nfragment Refusal on Error {\n  code\n  message\n}\n\nmutation PlaceBlock($input: PlaceHoldInput!) {\n  result: placeHold(input: $input) {\n    __typename\n    ... on PlaceHoldPayload {\n      hold {\n        ...LeasedHold\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n    }\n    ... on OverloadedError {\n      retryAfterMs\n    }\n    ...Refusal\n  }\n}\n\nmutation ExtendBlock($input: ExtendHoldInput!) {\n  result: extendHold(input: $input) {\n    __typename\n    ... on ExtendHoldPayload {\n      hold {\n        ...LeasedHold\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n    }\n    ... on OverloadedError {\n      retryAfterMs\n    }\n    ...Refusal\n  }\n}\n\nmutation CaptureFromBlock($input: CaptureHoldInput!) {\n  result: captureHold(input: $input) {\n    __typename\n    ... on CaptureHoldPayload {\n      hold {\n        ...LeasedHold\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n    }\n    ... on OverloadedError {\n      retryAfterMs\n    }\n    ...Refusal\n  }\n}\n\nmutation ReleaseBlock($input: ReleaseHoldInput!) {\n  result: releaseHold(input: $input) {\n    __typename\n    ... on ReleaseHoldPayload {\n      hold {\n        ...LeasedHold\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n    }\n    ... on OverloadedError {\n      retryAfterMs\n    }\n    ...Refusal\n  }\n}": typeof types.LeasedHoldFragmentDoc,
};
const documents: Documents = {
    "fragment LeasedHold on Hold {\n  id\n  status\n  held\n}\n\nfragment Refusal on Error {\n  code\n  message\n}\n\nmutation PlaceBlock($input: PlaceHoldInput!) {\n  result: placeHold(input: $input) {\n    __typename\n    ... on PlaceHoldPayload {\n      hold {\n        ...LeasedHold\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n    }\n    ... on OverloadedError {\n      retryAfterMs\n    }\n    ...Refusal\n  }\n}\n\nmutation ExtendBlock($input: ExtendHoldInput!) {\n  result: extendHold(input: $input) {\n    __typename\n    ... on ExtendHoldPayload {\n      hold {\n        ...LeasedHold\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n    }\n    ... on OverloadedError {\n      retryAfterMs\n    }\n    ...Refusal\n  }\n}\n\nmutation CaptureFromBlock($input: CaptureHoldInput!) {\n  result: captureHold(input: $input) {\n    __typename\n    ... on CaptureHoldPayload {\n      hold {\n        ...LeasedHold\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n    }\n    ... on OverloadedError {\n      retryAfterMs\n    }\n    ...Refusal\n  }\n}\n\nmutation ReleaseBlock($input: ReleaseHoldInput!) {\n  result: releaseHold(input: $input) {\n    __typename\n    ... on ReleaseHoldPayload {\n      hold {\n        ...LeasedHold\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n    }\n    ... on OverloadedError {\n      retryAfterMs\n    }\n    ...Refusal\n  }\n}": types.LeasedHoldFragmentDoc,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment LeasedHold on Hold {\n  id\n  status\n  held\n}\n\nfragment Refusal on Error {\n  code\n  message\n}\n\nmutation PlaceBlock($input: PlaceHoldInput!) {\n  result: placeHold(input: $input) {\n    __typename\n    ... on PlaceHoldPayload {\n      hold {\n        ...LeasedHold\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n    }\n    ... on OverloadedError {\n      retryAfterMs\n    }\n    ...Refusal\n  }\n}\n\nmutation ExtendBlock($input: ExtendHoldInput!) {\n  result: extendHold(input: $input) {\n    __typename\n    ... on ExtendHoldPayload {\n      hold {\n        ...LeasedHold\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n    }\n    ... on OverloadedError {\n      retryAfterMs\n    }\n    ...Refusal\n  }\n}\n\nmutation CaptureFromBlock($input: CaptureHoldInput!) {\n  result: captureHold(input: $input) {\n    __typename\n    ... on CaptureHoldPayload {\n      hold {\n        ...LeasedHold\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n    }\n    ... on OverloadedError {\n      retryAfterMs\n    }\n    ...Refusal\n  }\n}\n\nmutation ReleaseBlock($input: ReleaseHoldInput!) {\n  result: releaseHold(input: $input) {\n    __typename\n    ... on ReleaseHoldPayload {\n      hold {\n        ...LeasedHold\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n    }\n    ... on OverloadedError {\n      retryAfterMs\n    }\n    ...Refusal\n  }\n}"): typeof import('./graphql.ts').LeasedHoldFragmentDoc;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
