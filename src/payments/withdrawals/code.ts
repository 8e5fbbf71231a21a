import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Cipher } from '../cipher.ts';
import type { WithdrawalState } from './withdrawal.ts';

/** Digits of a code: with five tries nobody hits one in twenty million. */
const DIGITS = 8;
const SALT_BYTES = 16;

/** How often somebody may be wrong: the last time calls the withdrawal off. */
export const MAX_WRONG_CODES = 5;

export interface Code {
  /** What whoever confirms has to say. Kept nowhere. */
  readonly code: string;
  readonly salt: string;
  readonly digest: string;
}

/** A code of its own for one withdrawal. */
export function makeCode(cipher: Cipher, withdrawalId: string): Code {
  const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
  const salt = randomBytes(SALT_BYTES).toString('base64url');
  return { code, salt, digest: digestOf(cipher, withdrawalId, salt, code) };
}

/** The digits of what was typed, with or without spaces or dashes between them; null when it is no code. */
export function readCode(raw: string): string | null {
  const digits = raw.replace(/[\s-]/g, '');
  return digits.length === DIGITS && /^[0-9]+$/.test(digits) ? digits : null;
}

/** Takes as long for any code of the same withdrawal. */
export function isRightCode(
  cipher: Cipher,
  { id, codeSalt, codeDigest }: Pick<WithdrawalState, 'id' | 'codeSalt' | 'codeDigest'>,
  code: string,
): boolean {
  const given = Buffer.from(digestOf(cipher, id, codeSalt, code));
  const expected = Buffer.from(codeDigest);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function digestOf(cipher: Cipher, withdrawalId: string, salt: string, code: string): string {
  return cipher.digest(`withdrawal:${withdrawalId}:${salt}:${code}`);
}
