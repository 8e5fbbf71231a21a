import type { LeaseErrorCode } from './sdk.js';

/** What a caller can do something about, or wait for. What the server says no to is a value instead. */
export class LeaseError extends Error {
  override readonly name = 'LeaseError';
  readonly code: LeaseErrorCode;

  constructor(code: LeaseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
