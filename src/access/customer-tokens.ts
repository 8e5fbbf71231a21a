import { errors, jwtVerify, SignJWT } from 'jose';
import type { Db } from '../infra/db.ts';
import { createChecker } from '../kit/check.ts';
import { type Clock, DAY_MS, fromEpochMs, SECOND_MS } from '../kit/clock.ts';
import { fromTypeId, type Id, toTypeId } from '../kit/ids.ts';
import { type Invalid, isRefusal, type NotFound } from '../kit/refusal.ts';
import { CUSTOMER_SCOPES, type CustomerScope, isCustomerScope } from './scopes.ts';
import { tokenStands } from './signing-key-store.ts';
import { type SigningKeys, TOKEN_ALGORITHM, type VerificationKey } from './signing-keys.ts';
import type { Viewer } from './viewer.ts';

const ISSUER = 'drawdown';
const TOKEN_DEFAULT_SECONDS = 15 * 60;
const TOKEN_MAX_SECONDS = DAY_MS / SECOND_MS;

/**
 * How the customers' room finds whom an input names; given to this room when the house is put
 * together.
 */
export type ResolveCustomer = (
  viewer: Viewer,
  ref: CreateCustomerTokenInput['customer'],
) => Promise<Id<'customer'> | NotFound>;

export interface CreateCustomerTokenInput {
  /** By TypeID or by the merchant's own id; exactly one is given. */
  readonly customer: {
    readonly id?: string | null | undefined;
    readonly externalId?: string | null | undefined;
  };
  readonly scopes?: readonly string[] | null | undefined;
  readonly expiresInSeconds?: number | null | undefined;
}

export interface CustomerTokenMade {
  readonly token: string;
  readonly expiresAt: Date;
}

export type TokenFault = 'EXPIRED' | 'NOT_VALID';

export interface CustomerTokens {
  createCustomerToken(
    viewer: Viewer,
    input: CreateCustomerTokenInput,
  ): Promise<CustomerTokenMade | Invalid | NotFound>;
  /** Who shows the token, or what is wrong with it. */
  verify(token: string): Promise<Viewer | TokenFault>;
}

export interface CustomerTokensDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly signingKeys: SigningKeys;
  readonly resolveCustomer: ResolveCustomer;
}

export function createCustomerTokens(deps: CustomerTokensDeps): CustomerTokens {
  const { db, clock, signingKeys, resolveCustomer } = deps;

  return {
    async createCustomerToken(viewer, input) {
      const wanted = readInput(viewer, input);
      if (isRefusal(wanted)) return wanted;
      const customerId = await resolveCustomer(viewer, input.customer);
      if (isRefusal(customerId)) return customerId;
      const { kid, key } = await signingKeys.signing(viewer.organizationId);
      const issuedAt = Math.floor(clock.now().getTime() / SECOND_MS);
      const expiresAt = issuedAt + wanted.seconds;
      const token = await new SignJWT({
        org: toTypeId('organization', viewer.organizationId),
        scope: wanted.scopes.join(' '),
      })
        .setProtectedHeader({ alg: TOKEN_ALGORITHM, kid, typ: 'JWT' })
        .setIssuer(ISSUER)
        .setSubject(toTypeId('customer', customerId))
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(key);
      return { token, expiresAt: fromEpochMs(expiresAt * SECOND_MS) };
    },

    async verify(token) {
      const claims = await verifiedClaims(token, signingKeys, clock.now());
      if (typeof claims === 'string') return claims;
      const viewer = viewerFrom(claims);
      if (!viewer?.customerId) return 'NOT_VALID';
      const { organizationId, customerId } = viewer;
      const stands = await tokenStands(db.direct, organizationId, customerId, claims.signer.id);
      return stands ? viewer : 'NOT_VALID';
    },
  };
}

/**
 * A token carries no more than the key that makes it: by default every customer scope of that key.
 */
function readInput(
  viewer: Viewer,
  input: CreateCustomerTokenInput,
): { scopes: readonly CustomerScope[]; seconds: number } | Invalid {
  const check = createChecker();
  const seconds = input.expiresInSeconds ?? TOKEN_DEFAULT_SECONDS;
  check.integer('expiresInSeconds', seconds, 1, TOKEN_MAX_SECONDS);
  const given = input.scopes ?? CUSTOMER_SCOPES.filter((scope) => viewer.scopes.has(scope));
  given.forEach((scope, index) => {
    if (!isCustomerScope(scope)) {
      check.note(`scopes.${index}`, 'NOT_ALLOWED', `One of ${CUSTOMER_SCOPES.join(', ')}.`);
    } else if (!viewer.scopes.has(scope)) {
      check.note(`scopes.${index}`, 'NOT_ALLOWED', `The key that makes the token lacks ${scope}.`);
    }
  });
  if (given.length === 0) {
    const choice = CUSTOMER_SCOPES.join(', ');
    check.note('scopes', 'TOO_FEW', `Name at least one of ${choice} that the key itself has.`);
  }
  const scopes = [...new Set(given.filter(isCustomerScope))];
  return check.fault() ?? { scopes, seconds };
}

interface Claims {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly signer: VerificationKey;
}

/**
 * The claims of a token whose signature and time are right. The algorithm is pinned, so neither
 * `none` nor a symmetric one that takes the public key for a secret gets as far as a comparison.
 */
async function verifiedClaims(
  token: string,
  signingKeys: SigningKeys,
  now: Date,
): Promise<Claims | TokenFault> {
  const found: { signer?: VerificationKey } = {};
  const keyOf = async ({ kid }: { kid?: unknown }) => {
    const signer = typeof kid === 'string' ? await signingKeys.verification(kid) : null;
    if (!signer) throw new errors.JWKSNoMatchingKey();
    found.signer = signer;
    return signer.key;
  };
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: [TOKEN_ALGORITHM],
      issuer: ISSUER,
      requiredClaims: ['sub', 'exp', 'iat', 'org', 'scope'],
      currentDate: now,
    });
    return found.signer ? { payload, signer: found.signer } : 'NOT_VALID';
  } catch (error) {
    if (error instanceof errors.JWTExpired) return 'EXPIRED';
    if (error instanceof errors.JOSEError) return 'NOT_VALID';
    throw error;
  }
}

/**
 * Null when the claims say something that we would not have signed, such as another organization.
 */
function viewerFrom({ payload, signer }: Claims): Viewer | null {
  const { sub, org, scope, exp } = payload;
  if (typeof sub !== 'string' || typeof org !== 'string' || typeof scope !== 'string') return null;
  const customerId = fromTypeId('customer', sub);
  if (!customerId || fromTypeId('organization', org) !== signer.organizationId) return null;
  return {
    organizationId: signer.organizationId,
    mode: signer.mode,
    kind: 'CUSTOMER',
    keyId: null,
    signingKeyId: signer.id,
    customerId,
    scopes: new Set(scope.split(' ').filter(isCustomerScope)),
    expiresAt: fromEpochMs(Number(exp) * SECOND_MS),
  };
}
