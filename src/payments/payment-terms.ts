import type { Checker } from '../kit/check.ts';
import { DAY_MS } from '../kit/clock.ts';
import { DEFAULT_WALLET } from '../ledger/lock.ts';

/** How a payment is asked for, besides what is bought. */
export interface TermsInput {
  readonly walletName?: string | null | undefined;
  readonly provider?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly saveMethod?: boolean | null | undefined;
  readonly returnUrl?: string | null | undefined;
  readonly expiresInSeconds?: number | null | undefined;
  readonly metadata?: unknown;
}

export type PaymentTerms = ReturnType<typeof readTerms>;

/** A page of a provider is open for 24 hours at the most. */
const MOST_OPEN_S = DAY_MS / 1000;
const LEAST_OPEN_S = 1_800;

/** What was asked for, and what holds where nothing was; notes what is wrong. */
export function readTerms(check: Checker, input: TermsInput) {
  const openS = input.expiresInSeconds ?? MOST_OPEN_S;
  const terms = {
    walletName: check.text('walletName', input.walletName ?? DEFAULT_WALLET, 64),
    description: check.optionalText('description', input.description, 255),
    returnUrl: input.returnUrl == null ? null : check.text('returnUrl', input.returnUrl, 2048),
    openS: check.integer('expiresInSeconds', openS, LEAST_OPEN_S, MOST_OPEN_S),
    metadata: check.object('metadata', input.metadata),
    saveMethod: input.saveMethod ?? false,
  };
  if (terms.returnUrl !== null && !isWebAddress(terms.returnUrl)) {
    check.note('returnUrl', 'BAD_FORMAT', 'Write an address such as https://app.example.com/paid.');
  }
  return terms;
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
