import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A SECRET key may do everything in its organization, a RESTRICTED one what its scopes say. */
export type ApiKeyKind = 'SECRET' | 'RESTRICTED';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 32 characters of 62 are 190.5 bits: nobody guesses one, however fast the server answers. */
const RANDOM_LENGTH = 32;

/** 62^6 is above 2^32, so six characters hold any CRC-32. */
const CHECKSUM_LENGTH = 6;

/**
 * A key that an operator chose (the bootstrap key) is any `sk_` text of at least this many
 * characters.
 */
const CHOSEN_MIN_LENGTH = 32;

/** Longer than any credential of ours; what is longer is refused before it is hashed. */
export const CREDENTIAL_MAX_LENGTH = 4096;

const GENERATED = new RegExp(
  `^(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`,
);

/** A new secret: `sk_live_` or `rk_test_` ..., random characters, checksum. */
export function generateSecret(kind: ApiKeyKind, mode: 'LIVE' | 'TEST'): string {
  let text = `${kind === 'SECRET' ? 'sk' : 'rk'}_${mode === 'LIVE' ? 'live' : 'test'}_`;
  for (let i = 0; i < RANDOM_LENGTH; i += 1) text += BASE62.charAt(randomInt(BASE62.length));
  return text + checksumOf(text);
}

/**
 * CRC-32 of the text before it, most significant digit first; finds typing and copying mistakes.
 */
export function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i += 1) {
    digits = BASE62.charAt(rest % BASE62.length) + digits;
    rest = Math.floor(rest / BASE62.length);
  }
  return digits;
}

/** Whether a credential claims to be a key at all. */
export function isKeyText(credential: string): boolean {
  return credential.startsWith('sk_') || credential.startsWith('rk_');
}

/**
 * Whether a text can be a key: a generated one with a right checksum, or an `sk_` text that an
 * operator chose. What is not is refused without asking the database.
 */
export function isPlausibleKey(text: string): boolean {
  if (GENERATED.test(text)) {
    return checksumOf(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
  }
  return isChosenKey(text);
}

/** Whether an operator may choose this text as a secret key. */
export function isChosenKey(text: string): boolean {
  return (
    text.startsWith('sk_') &&
    text.length >= CHOSEN_MIN_LENGTH &&
    text.length <= CREDENTIAL_MAX_LENGTH
  );
}

/** What is stored. A plain hash is enough: the secret has too many bits to be found by trying. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** What a person recognizes a key by: its prefix and last four characters, `sk_test_...9xQa`. */
export function hintOf(secret: string): string {
  const prefix = /^(?:sk|rk)_(?:live_|test_)?/.exec(secret)?.[0] ?? '';
  return `${prefix}...${secret.slice(-4)}`;
}
