import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** Keeps secrets of organizations, and of whoever pays, so that the database alone does not tell them. */
export interface Cipher {
  /** `context` says whose it is: what was sealed for one cannot be opened as another's. */
  seal(text: string, context: string): Buffer;
  /** Throws when it was changed, or sealed with another key or for somebody else. */
  open(sealed: Uint8Array, context: string): string;
  /** The same for the same text, which nobody finds by trying all there are without the key. */
  digest(text: string): string;
}

/** Bytes of a key: AES-256. */
export const KEY_BYTES = 32;

const ALGORITHM = 'aes-256-gcm';
/** The first byte, so that what was sealed tells how. */
const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with a nonce of its own for each: format, nonce, tag, then the text. */
export function createCipher(key: Uint8Array): Cipher {
  if (key.length !== KEY_BYTES) throw new Error(`A key has ${KEY_BYTES} bytes.`);
  // Not the key itself, which serves one purpose only.
  const digestKey = createHmac('sha256', key).update('drawdown.digest').digest();
  return {
    seal(text, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(FORMAT), nonce, cipher.getAuthTag(), sealed]);
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed);
      if (bytes[0] !== FORMAT) throw new Error('A secret was sealed in a way that is not known.');
      const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
      const tag = bytes.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
      const cipher = createDecipheriv(ALGORITHM, key, nonce)
        .setAAD(Buffer.from(context))
        .setAuthTag(tag);
      const text = cipher.update(bytes.subarray(1 + NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([text, cipher.final()]).toString('utf8');
    },
    digest: (text) => createHmac('sha256', digestKey).update(text).digest('hex'),
  };
}
