import { SCOPES } from '../../src/access/scopes.ts';
import type { Viewer } from '../../src/access/viewer.ts';
import { insertDefaultRules } from '../../src/alerts/default-rules.ts';
import { createDb } from '../../src/infra/db.ts';
import { createLog } from '../../src/infra/log.ts';
import { createMetrics } from '../../src/infra/metrics.ts';
import { createManualClock } from '../../src/kit/clock.ts';
import { type Id, newId } from '../../src/kit/ids.ts';
import { isRefusal, type Refusal } from '../../src/kit/refusal.ts';
import type { LedgerAsset } from '../../src/ledger/change-wallet.ts';
import { createLocalBus } from '../../src/live/local-bus.ts';
import { createServices, type Services } from '../../src/services.ts';
import { createTestDatabase } from '../support/database.ts';

export const START = new Date('2026-03-01T00:00:00.000Z');

export type Laboratory = Awaited<ReturnType<typeof openLaboratory>>;

/** A database of its own, and the whole of the product as one or more API processes would have it. */
export async function openLaboratory() {
  const database = await createTestDatabase();
  const clock = createManualClock(START);
  const log = createLog({ level: 'error', destination: process.stderr });
  const closing: (() => Promise<void>)[] = [];

  function startProcess() {
    const onIdleError = (error: Error) => log.error({ error }, 'An idle connection failed.');
    const db = createDb({ url: database.url, poolSize: 8, onIdleError });
    const bus = createLocalBus({ log });
    const metrics = createMetrics();
    // Races are the rule here: with more caution wallets would hardly ever be decided on from memory.
    const cautiousBatches = 0;
    const services = createServices({
      db,
      bus,
      clock,
      log,
      metrics,
      bootstrapKey: null,
      webhooks: { allowPrivate: false, ports: [] },
      sendMail: null,
      payments: { cipher: null, publicUrl: () => 'http://127.0.0.1', allowPrivate: true },
      cautiousBatches,
    });
    closing.push(async () => {
      await services.close();
      await db.close();
    });
    return { db, services };
  }

  const first = startProcess();

  return {
    ...first,
    url: database.url,
    clock,
    startProcess,
    openOrganization: (name: string) => openOrganization(first, name),
    async close() {
      for (const end of closing) await end();
      await database.drop();
    },
  };
}

async function openOrganization({ db }: { db: ReturnType<typeof createDb> }, name: string) {
  const organizationId = newId('organization');
  await db.transaction(async (tx) => {
    await tx.prisma.organization.create({
      data: { id: organizationId, name, mode: 'TEST', createdAt: START },
    });
    await insertDefaultRules(tx, organizationId, START);
  });
  const scopes = new Set(SCOPES);
  const none = { keyId: null, signingKeyId: null, customerId: null } as const;
  const rest = { mode: 'TEST', kind: 'KEY', ...none } as const;
  return { organizationId, scopes, expiresAt: null, ...rest } satisfies Viewer;
}

/** What was done, where a refusal would be a failure of the test. */
export function given<T>(outcome: T): Exclude<T, Refusal> {
  if (isRefusal(outcome)) throw new Error(`Refused: ${JSON.stringify(outcome)}`);
  return outcome as Exclude<T, Refusal>;
}

export async function openCustomer(services: Services, viewer: Viewer, externalId: string) {
  const made = given(await services.customers.createCustomer(viewer, { externalId }));
  return made.customerId as Id<'customer'>;
}

interface AssetSpec {
  readonly code: string;
  readonly scale: number;
  readonly burnOrder: LedgerAsset['burnOrder'];
}

export async function openAsset(
  services: Services,
  viewer: Viewer,
  spec: AssetSpec,
): Promise<LedgerAsset> {
  const kind = 'CUSTOM' as const;
  const made = given(await services.catalog.createAsset(viewer, { ...spec, kind }));
  return { ...spec, id: made.assetId };
}
