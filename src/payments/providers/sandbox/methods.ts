import type { PaymentFailure, ProviderMethod } from '../../provider.ts';

/** The methods of the sandbox are named after what comes of paying with them. */
export type MethodName =
  | 'pays'
  | 'slow'
  | 'declined'
  | 'insufficient_funds'
  | 'declined_later'
  | 'needs_confirmation'
  | 'expires'
  | 'disputed';

/** What comes of an attempt to pay. */
export type MethodOutcome =
  | { readonly kind: 'PAYS' }
  /** Promised at once, and there later. */
  | { readonly kind: 'PAYS_SLOWLY' }
  | { readonly kind: 'PAYS_AND_IS_DISPUTED' }
  /** Pays with the customer, and is declined whenever it is charged without him. */
  | { readonly kind: 'PAYS_ONLY_HERE'; readonly failure: PaymentFailure }
  | { readonly kind: 'DECLINES'; readonly failure: PaymentFailure }
  /** Pays when the customer says that it is him. */
  | { readonly kind: 'ASKS' }
  | { readonly kind: 'EXPIRES' };

export interface SandboxMethod {
  readonly name: MethodName;
  /** On the page: what it is called, and what happens. */
  readonly title: string;
  readonly hint: string;
  readonly outcome: MethodOutcome;
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number | null;
  readonly expYear: number | null;
}

const CARD = { expMonth: 12, expYear: 2039 };

/** In the order of the page. */
export const METHODS: readonly SandboxMethod[] = [
  {
    name: 'pays',
    title: 'Pays',
    hint: 'The payment succeeds.',
    outcome: { kind: 'PAYS' },
    brand: 'visa',
    last4: '4242',
    ...CARD,
  },
  {
    name: 'slow',
    title: 'Pays slowly',
    hint: 'The money arrives a little later.',
    outcome: { kind: 'PAYS_SLOWLY' },
    brand: 'sepa_debit',
    last4: '3000',
    expMonth: null,
    expYear: null,
  },
  {
    name: 'declined',
    title: 'Declined',
    hint: 'The bank says no.',
    outcome: {
      kind: 'DECLINES',
      failure: { code: 'CARD_DECLINED', message: 'The bank declined the payment.' },
    },
    brand: 'visa',
    last4: '0002',
    ...CARD,
  },
  {
    name: 'insufficient_funds',
    title: 'Insufficient funds',
    hint: 'There is not enough money.',
    outcome: {
      kind: 'DECLINES',
      failure: { code: 'INSUFFICIENT_FUNDS', message: 'There is not enough money on the account.' },
    },
    brand: 'mastercard',
    last4: '9995',
    ...CARD,
  },
  {
    name: 'declined_later',
    title: 'Pays, and is declined later',
    hint: 'It succeeds; saved and charged again, it is declined.',
    outcome: {
      kind: 'PAYS_ONLY_HERE',
      failure: { code: 'CARD_DECLINED', message: 'The bank declined the payment.' },
    },
    brand: 'visa',
    last4: '0341',
    ...CARD,
  },
  {
    name: 'needs_confirmation',
    title: 'Needs confirmation',
    hint: 'The bank asks: is it you?',
    outcome: { kind: 'ASKS' },
    brand: 'visa',
    last4: '3155',
    ...CARD,
  },
  {
    name: 'expires',
    title: 'Expires',
    hint: 'The time to pay is over at once.',
    outcome: { kind: 'EXPIRES' },
    brand: 'visa',
    last4: '0069',
    ...CARD,
  },
  {
    name: 'disputed',
    title: 'Pays and is disputed later',
    hint: 'It succeeds, and is disputed after 10 s.',
    outcome: { kind: 'PAYS_AND_IS_DISPUTED' },
    brand: 'amex',
    last4: '0259',
    ...CARD,
  },
];

const BY_NAME = new Map<string, SandboxMethod>(METHODS.map((method) => [method.name, method]));
const TOKEN_PREFIX = 'sbm_';

export function findMethod(name: string): SandboxMethod | null {
  return BY_NAME.get(name) ?? null;
}

export function methodNamed(name: MethodName): SandboxMethod {
  return BY_NAME.get(name) as SandboxMethod;
}

/** `sbm_pays` pays without the customer as `pays` does with him. */
export function methodOfToken(token: string): SandboxMethod | null {
  return token.startsWith(TOKEN_PREFIX) ? findMethod(token.slice(TOKEN_PREFIX.length)) : null;
}

export function tokenOf(name: MethodName): string {
  return TOKEN_PREFIX + name;
}

/** As the port shows it; it has a token only when it was kept. */
export function describeMethod(method: SandboxMethod, isSaved: boolean): ProviderMethod {
  const { name, brand, last4, expMonth, expYear } = method;
  const token = isSaved ? tokenOf(name) : null;
  return { token, brand, last4, expMonth, expYear, fingerprint: `sbf_${name}` };
}
