import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';

/** HMAC: both sides know one secret. ED25519: ours signs, and theirs can only verify. */
export type Signing = 'HMAC' | 'ED25519';

/** What an endpoint signs with: the secret of now, and the one before it while both count. */
export interface SigningSecrets {
  readonly secret: string;
  readonly previousSecret: string | null;
  readonly previousSecretUntil: Date | null;
}

export interface SignedContent {
  /** The id of the event: the same however often it is sent. */
  readonly id: string;
  readonly at: Date;
  readonly body: string;
}

const HMAC_PREFIX = 'whsec_';
const PRIVATE_PREFIX = 'whsk_';
const PUBLIC_PREFIX = 'whpk_';
/** Standard Webhooks: 24 to 64. */
const SECRET_BYTES = 32;
const SEED_BYTES = 32;
/** What stands before the 32 bytes of a key: RFC 8410. */
const PKCS8_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A secret that nobody has: `whsec_...`, or for ED25519 `whsk_...`, its seed and its public key. */
export function generateSecret(signing: Signing): string {
  if (signing === 'HMAC') return HMAC_PREFIX + randomBytes(SECRET_BYTES).toString('base64');
  const { privateKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-SEED_BYTES);
  return PRIVATE_PREFIX + Buffer.concat([seed, publicBytesOf(privateKey)]).toString('base64');
}

/** What verifies an ED25519 secret's signatures: `whpk_...`; null for HMAC. */
export function publicKeyOf(secret: string): string | null {
  if (!secret.startsWith(PRIVATE_PREFIX)) return null;
  return PUBLIC_PREFIX + publicBytesOf(privateKeyOf(secret)).toString('base64');
}

/** The headers of Standard Webhooks 1.0.0 besides the signatures. */
export function identifyingHeaders({ id, at }: Omit<SignedContent, 'body'>) {
  return { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)) };
}

/** The `webhook-signature` of Standard Webhooks 1.0.0: one signature a secret that counts. */
export function signatureOf(secrets: SigningSecrets, content: SignedContent): string {
  const headers = identifyingHeaders(content);
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${content.body}`;
  return secretsAt(secrets, content.at)
    .map((secret) => signWith(secret, signed))
    .join(' ');
}

function secretsAt(secrets: SigningSecrets, at: Date): string[] {
  const { secret, previousSecret, previousSecretUntil } = secrets;
  const both = previousSecret !== null && previousSecretUntil !== null && at < previousSecretUntil;
  return both ? [secret, previousSecret] : [secret];
}

function signWith(secret: string, content: string): string {
  if (secret.startsWith(PRIVATE_PREFIX)) {
    const signature = sign(null, Buffer.from(content), privateKeyOf(secret));
    return `v1a,${signature.toString('base64')}`;
  }
  const key = Buffer.from(secret.slice(HMAC_PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

function privateKeyOf(secret: string): KeyObject {
  const seed = Buffer.from(secret.slice(PRIVATE_PREFIX.length), 'base64').subarray(0, SEED_BYTES);
  const key = Buffer.concat([PKCS8_HEADER, seed]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

function publicBytesOf(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
}
