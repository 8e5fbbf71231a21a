import { SCOPES } from '../../src/access/scopes.ts';
import type { Viewer } from '../../src/access/viewer.ts';
import type { CreateAssetInput } from '../../src/catalog/asset.ts';
import type { CreateBillableMetricInput } from '../../src/catalog/metric.ts';
import { createCatalog } from '../../src/catalog/service.ts';
import { createDb } from '../../src/infra/db.ts';
import { createManualClock } from '../../src/kit/clock.ts';
import { newId } from '../../src/kit/ids.ts';
import { isRefusal, type Refusal } from '../../src/kit/refusal.ts';
import { createTestDatabase } from '../support/database.ts';

export const START = new Date('2026-03-01T00:00:00.000Z');

/** A database of its own, and the catalogue as one or more processes would have it. */
export async function openCatalog() {
  const database = await createTestDatabase();
  const clock = createManualClock(START);
  const closing: (() => Promise<void>)[] = [];
  let shops = 0;

  /** Another process on the same database: its own pool and caches. */
  function startProcess() {
    const idleErrors: Error[] = [];
    const onIdleError = (error: Error) => idleErrors.push(error);
    const db = createDb({ url: database.url, poolSize: 6, onIdleError });
    closing.push(() => db.close());
    return { db, catalog: createCatalog({ db, clock }) };
  }

  const first = startProcess();

  async function openOrganization(name: string): Promise<Viewer> {
    const organizationId = newId('organization');
    await first.db.prisma.organization.create({
      data: { id: organizationId, name, mode: 'TEST', createdAt: START },
    });
    const scopes = new Set(SCOPES);
    const none = { keyId: null, signingKeyId: null, customerId: null } as const;
    const rest = { mode: 'TEST', kind: 'KEY', ...none } as const;
    return { organizationId, scopes, expiresAt: null, ...rest };
  }

  /** An organization with an asset and a metric. */
  async function openShop(
    asset: CreateAssetInput = { code: 'USD' },
    metric: CreateBillableMetricInput = { code: 'calls', eventType: 'call', aggregation: 'COUNT' },
  ): Promise<Viewer> {
    shops += 1;
    const viewer = await openOrganization(`Shop ${shops}`);
    given(await first.catalog.createAsset(viewer, asset));
    given(await first.catalog.createBillableMetric(viewer, metric));
    return viewer;
  }

  async function versionOf(viewer: Viewer): Promise<number> {
    const row = await first.db.prisma.organization.findUniqueOrThrow({
      where: { id: viewer.organizationId },
    });
    return Number(row.catalogueVersion);
  }

  return {
    ...first,
    clock,
    startProcess,
    openOrganization,
    openShop,
    versionOf,
    async close() {
      for (const end of closing) await end();
      await database.drop();
    },
  };
}

/** What was done, where a refusal would be a failure of the test. */
export function given<T>(outcome: T): Exclude<T, Refusal> {
  if (isRefusal(outcome)) throw new Error(`Refused: ${JSON.stringify(outcome)}`);
  return outcome as Exclude<T, Refusal>;
}

/** In short what a refusal says: `Invalid scale OUT_OF_RANGE`, `NotFound asset`, `Conflict scale`. */
export function refusalText(outcome: object): string {
  if (!('refusal' in outcome)) return 'not refused';
  const refusal = outcome as Refusal & { path?: string; issues?: { path: string; code: string }[] };
  const parts = refusal.issues?.map(({ path, code }) => `${path} ${code}`) ?? [refusal.path];
  return [refusal.refusal, ...parts].join(' ');
}
