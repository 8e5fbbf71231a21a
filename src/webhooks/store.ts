import { inOrganization, type Viewer } from '../access/viewer.ts';
import type { Db, Statement, Tx } from '../infra/db.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type NotFound, notFound } from '../kit/refusal.ts';

const NEWEST_FIRST = { orderBy: { id: 'desc' } } as const;
const NAME_MAX = 255;

export interface EndpointChanges {
  readonly url?: string;
  readonly description?: string | null;
  readonly types?: string[];
  readonly secret?: string;
  readonly previousSecret?: string | null;
  readonly previousSecretUntil?: Date | null;
  readonly position?: bigint;
  readonly replayPosition?: bigint | null;
  readonly replayUntil?: bigint | null;
  readonly failedAttempts?: number;
  readonly retryAt?: null;
  readonly disabledReason?: 'MERCHANT' | null;
  readonly disabledAt?: Date | null;
  readonly updatedAt: Date;
}

export interface EndpointRow {
  readonly id: Id<'webhookEndpoint'>;
  readonly organizationId: Id<'organization'>;
  readonly url: string;
  readonly description: string | null;
  readonly types: string[];
  readonly signing: 'HMAC' | 'ED25519';
  readonly secret: string;
  readonly position: bigint;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What the graph reads of webhooks. `query` is what it selected; it never widens `where`. */
export function createWebhookReads({ prisma }: Pick<Db, 'prisma'>) {
  const byId = (viewer: Viewer, id: string) => ({ where: { ...inOrganization(viewer), id } });
  return {
    readEndpoint: (viewer: Viewer, id: string, query: object = {}) =>
      prisma.webhookEndpoint.findFirst({ ...query, ...byId(viewer, id) }),
    listEndpoints: (viewer: Viewer, query: object) =>
      prisma.webhookEndpoint.findMany({ ...NEWEST_FIRST, ...query, where: inOrganization(viewer) }),
    readDelivery: (viewer: Viewer, id: string, query: object = {}) =>
      prisma.webhookDelivery.findFirst({ ...query, ...byId(viewer, id) }),
    listDeliveries: (viewer: Viewer, endpointId: string, query: object) =>
      prisma.webhookDelivery.findMany({
        ...NEWEST_FIRST,
        ...query,
        where: { ...inOrganization(viewer), endpointId },
      }),
  };
}

/** The organization's endpoint by its TypeID; locked, when there is a transaction to hold it. */
export async function resolveEndpoint(tx: Tx, viewer: Viewer, given: string) {
  const id = fromTypeId('webhookEndpoint', given);
  if (id === null) return endpointNotFound(given);
  // Whoever changes it waits for whoever delivers to it to write down how far he got, and the other way.
  await tx.query(LOCK_ENDPOINT, [viewer.organizationId, id]);
  const row = await tx.prisma.webhookEndpoint.findFirst({
    where: { ...inOrganization(viewer), id },
  });
  return row ? { ...row, id } : endpointNotFound(given);
}

const LOCK_ENDPOINT = {
  name: 'webhooks.lock_endpoint',
  text: `SELECT 1 AS locked FROM webhook_endpoints
    WHERE organization_id = $1::uuid AND id = $2::uuid FOR UPDATE`,
};

export function endpointNotFound(given: string): NotFound {
  return notFound('endpoint', 'WebhookEndpoint', given.slice(0, NAME_MAX));
}

export async function resolveDelivery(tx: Tx, viewer: Viewer, given: string) {
  const id = fromTypeId('webhookDelivery', given);
  const row =
    id && (await tx.prisma.webhookDelivery.findFirst({ where: { ...inOrganization(viewer), id } }));
  return row || notFound('delivery', 'WebhookDelivery', given.slice(0, NAME_MAX));
}

const LOCK_ENDPOINTS: Statement = {
  name: 'webhooks.lock_endpoints',
  // Weaker than FOR UPDATE: who only refers to the organization does not wait, and charges never do.
  text: 'SELECT id FROM organizations WHERE id = $1::uuid FOR NO KEY UPDATE',
};

/** One after the other creates an endpoint of an organization, so that they can be counted. */
export async function lockEndpoints(tx: Tx, { organizationId }: Viewer): Promise<void> {
  await tx.query(LOCK_ENDPOINTS, [organizationId]);
}

export function countEndpoints(tx: Tx, viewer: Viewer): Promise<number> {
  return tx.prisma.webhookEndpoint.count({ where: inOrganization(viewer) });
}

export async function insertEndpoint(tx: Tx, row: EndpointRow): Promise<void> {
  await tx.prisma.webhookEndpoint.create({ data: row });
}

export async function changeEndpoint(tx: Tx, id: string, changes: EndpointChanges): Promise<void> {
  await tx.prisma.webhookEndpoint.update({ where: { id }, data: changes });
}

export async function removeEndpoint(tx: Tx, id: string): Promise<void> {
  await tx.prisma.webhookEndpoint.delete({ where: { id } });
}
