import type { Db, Tx } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import { createChecker } from '../kit/check.ts';
import { type Clock, DAY_MS, SECOND_MS } from '../kit/clock.ts';
import { type Id, newId } from '../kit/ids.ts';
import {
  type Conflict,
  conflict,
  type IdempotencyMismatch,
  type Invalid,
  isRefusal,
} from '../kit/refusal.ts';
import {
  changeOrganization,
  findOrganization,
  insertOrganization,
  lockOrganizationNames,
  type OrganizationChanges,
  type StoredOrganization,
} from './organization-store.ts';
import type { Viewer } from './viewer.ts';

const NAME_MAX = 100;
export const SETTLEMENT_WINDOW_MAX_SECONDS = (30 * DAY_MS) / SECOND_MS;

export interface UpdateOrganizationInput {
  readonly name?: string | null | undefined;
  readonly settlementWindowSeconds?: number | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface OrganizationEnsured extends StoredOrganization {
  readonly created: boolean;
}

export interface Organizations {
  /** The organization of that name, made when missing (TEST unless `mode` says LIVE). */
  ensureOrganization(
    name: string,
    mode: 'LIVE' | 'TEST' | null,
  ): Promise<OrganizationEnsured | Invalid | Conflict>;
  /** What is absent or null stays as it is. */
  updateOrganization(
    viewer: Viewer,
    input: UpdateOrganizationInput,
  ): Promise<
    { readonly organizationId: Id<'organization'> } | Invalid | Conflict | IdempotencyMismatch
  >;
}

/** What has to be there of an organization from its first moment, put there in the same transaction. */
export type Equip = (tx: Tx, organizationId: string, now: Date) => Promise<void>;

export interface OrganizationsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly equip: Equip;
}

export function createOrganizations(deps: OrganizationsDeps): Organizations {
  const { db, clock } = deps;
  return {
    ensureOrganization: async (name, mode) =>
      nameFault(name) ?? db.transaction((tx) => ensure(tx, deps, name, mode)),

    async updateOrganization(viewer, input) {
      const changes = checkedChanges(input);
      if (isRefusal(changes)) return changes;
      const { organizationId } = viewer;
      return db.transaction((tx) =>
        once(tx, clock, { organizationId, operation: 'updateOrganization', input }, async () => {
          if (changes.name !== null) await lockOrganizationNames(tx);
          const changed = await changeOrganization(tx, organizationId, changes);
          return changed ? { organizationId } : conflict('name', 'The name is taken.');
        }),
      );
    },
  };
}

/** The same in the caller's transaction, for a name that was checked. */
async function ensure(
  tx: Tx,
  deps: OrganizationsDeps,
  name: string,
  mode: 'LIVE' | 'TEST' | null,
): Promise<OrganizationEnsured | Conflict> {
  await lockOrganizationNames(tx);
  const found = await findOrganization(tx, name);
  if (!found) {
    const made = { id: newId('organization'), name, mode: mode ?? 'TEST' };
    await makeOrganization(tx, deps, made);
    return { ...made, created: true };
  }
  return mode === null || found.mode === mode
    ? { ...found, created: false }
    : conflict('mode', `The organization "${name}" exists in ${found.mode} mode.`);
}

/** Stores an organization of a name that is free, with what every one begins with. */
export async function makeOrganization(
  tx: Tx,
  { clock, equip }: Omit<OrganizationsDeps, 'db'>,
  made: StoredOrganization,
): Promise<void> {
  const createdAt = clock.now();
  await insertOrganization(tx, { ...made, createdAt });
  await equip(tx, made.id, createdAt);
}

function nameFault(name: string): Invalid | null {
  const check = createChecker();
  check.text('name', name, NAME_MAX);
  return check.fault();
}

function checkedChanges(input: UpdateOrganizationInput): OrganizationChanges | Invalid {
  const check = createChecker();
  const { name, settlementWindowSeconds } = input;
  if (name != null) check.text('name', name, NAME_MAX);
  if (settlementWindowSeconds != null) {
    const max = SETTLEMENT_WINDOW_MAX_SECONDS;
    check.integer('settlementWindowSeconds', settlementWindowSeconds, 0, max);
  }
  return (
    check.fault() ?? {
      name: name ?? null,
      settlementWindowSeconds: settlementWindowSeconds ?? null,
    }
  );
}
