import { randomBytes } from 'node:crypto';

/** 32 characters of base64url. */
const BYTES = 24;

/** An id that nobody finds out: who knows a payment's may pay it. */
export function unguessable(prefix: string): string {
  return `${prefix}_${randomBytes(BYTES).toString('base64url')}`;
}

const PAYMENT_REF = /^sbx_[A-Za-z0-9_-]{32}$/;

export function isPaymentRef(text: string): boolean {
  return PAYMENT_REF.test(text);
}
