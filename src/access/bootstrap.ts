import type { Tx } from '../infra/db.ts';
import { type Id, newId } from '../kit/ids.ts';
import { generateSecret, hashSecret, isChosenKey } from './api-key.ts';
import { findKey } from './key-store.ts';
import { storeKey } from './keys.ts';
import {
  findOrganization,
  firstOrganization,
  lockOrganizationNames,
  type StoredOrganization,
} from './organization-store.ts';
import { makeOrganization, type OrganizationsDeps } from './organizations.ts';

const FIRST_ORGANIZATION_NAME = 'Default';
const KEY_NAME = 'Bootstrap';

export interface Bootstrapped {
  readonly organizationId: Id<'organization'>;
  /** The secret key, only when this call made it; nobody can read it again. */
  readonly secret: string | null;
}

/**
 * Makes sure that there is an organization and a way in. On an empty database: the first
 * organization (TEST mode) with the operator's key, or with a generated one. On any other, only
 * when the operator names a key that is not stored yet: the oldest TEST organization gets it. A key
 * that was revoked or rolled stays so, whatever the environment still says.
 */
export async function bootstrap(
  deps: OrganizationsDeps,
  bootstrapKey: string | null,
): Promise<Bootstrapped> {
  if (bootstrapKey !== null && !isChosenKey(bootstrapKey)) {
    throw new Error('The operator chose a key that is not one: sk_ and at least 32 characters.');
  }
  const { db, clock } = deps;
  return db.transaction(async (tx) => {
    await lockOrganizationNames(tx);
    const stored = bootstrapKey === null ? null : await findKey(tx, hashSecret(bootstrapKey));
    if (stored) return { organizationId: stored.organizationId, secret: null };
    const first = await firstOrganization(tx);
    if (first && bootstrapKey === null) return { organizationId: first.id, secret: null };
    const organization = first?.mode === 'TEST' ? first : await makeFirst(tx, deps);
    const secret = bootstrapKey ?? generateSecret('SECRET', 'TEST');
    const key = {
      organizationId: organization.id,
      name: KEY_NAME,
      kind: 'SECRET',
      scopes: [],
    } as const;
    await storeKey(tx, clock, key, secret);
    return { organizationId: organization.id, secret };
  });
}

/** Where every organization is LIVE, one of them may have taken the name. */
async function makeFirst(tx: Tx, deps: OrganizationsDeps): Promise<StoredOrganization> {
  const taken = await findOrganization(tx, FIRST_ORGANIZATION_NAME);
  const name = taken ? `${FIRST_ORGANIZATION_NAME} (TEST)` : FIRST_ORGANIZATION_NAME;
  const made = { id: newId('organization'), name, mode: 'TEST' as const };
  await makeOrganization(tx, deps, made);
  return made;
}
