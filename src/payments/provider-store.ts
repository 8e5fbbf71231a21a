import { inOrganization, type Viewer } from '../access/viewer.ts';
import type { Db, Queryable, Statement, Tx } from '../infra/db.ts';
import type { Clock } from '../kit/clock.ts';
import { fromTypeId } from '../kit/ids.ts';
import type { ProviderKind, ProviderRecords } from './provider.ts';

// Every query of providers, and of what those of the product keep.

/** A provider of an organization as it is stored. */
export interface ProviderRow {
  readonly id: string;
  readonly organizationId: string;
  readonly code: string;
  readonly kind: ProviderKind;
  readonly settings: unknown;
  readonly secrets: Uint8Array | null;
  readonly isDefault: boolean;
  readonly disabledAt: Date | null;
  readonly updatedAt: Date;
}

/** How many of one kind are read at a time. */
const PAGE = 100;

export function readProvider({ prisma }: Pick<Db, 'prisma'>, id: string) {
  return prisma.paymentProvider.findUnique({ where: { id } });
}

/** All that are not disabled, of all organizations. */
export async function* readProvidersOfKind(
  { prisma }: Db,
  kind: ProviderKind,
): AsyncGenerator<ProviderRow> {
  let last: string | undefined;
  do {
    const rows: ProviderRow[] = await prisma.paymentProvider.findMany({
      where: { kind, disabledAt: null, ...(last && { id: { gt: last } }) },
      orderBy: { id: 'asc' },
      take: PAGE,
    });
    yield* rows;
    last = rows.length === PAGE ? rows.at(-1)?.id : undefined;
  } while (last);
}

/** By its code or TypeID; null when there is none of that name. */
export function findProvider({ prisma }: Pick<Db, 'prisma'> | Tx, viewer: Viewer, name: string) {
  const id = fromTypeId('paymentProvider', name);
  return prisma.paymentProvider.findFirst({
    where: { ...inOrganization(viewer), ...(id ? { id } : { code: name }) },
  });
}

export function findDefault({ prisma }: Pick<Db, 'prisma'>, viewer: Viewer) {
  return prisma.paymentProvider.findFirst({
    where: { ...inOrganization(viewer), isDefault: true, disabledAt: null },
  });
}

export interface ProviderDraft {
  readonly id: string;
  readonly organizationId: string;
  readonly code: string;
  readonly kind: ProviderKind;
  readonly settings: object;
  readonly secrets: Uint8Array | null;
  readonly isDefault: boolean;
}

/** Unless there is one of that code, or one that is asked when none is named. */
export async function insertFirst({ prisma }: Tx, draft: ProviderDraft, now: Date): Promise<void> {
  const { secrets, ...rest } = draft;
  await prisma.paymentProvider.createMany({
    data: [{ ...rest, secrets: stored(secrets), createdAt: now, updatedAt: now }],
    skipDuplicates: true,
  });
}

/** Makes it the only one that is asked when none is named. */
export async function unsetDefault({ prisma }: Tx, viewer: Viewer, now: Date): Promise<void> {
  await prisma.paymentProvider.updateMany({
    where: { ...inOrganization(viewer), isDefault: true },
    data: { isDefault: false, updatedAt: now },
  });
}

export async function insertProvider({ prisma }: Tx, draft: ProviderDraft, now: Date) {
  const { secrets, ...rest } = draft;
  await prisma.paymentProvider.create({
    data: { ...rest, secrets: stored(secrets), createdAt: now, updatedAt: now },
  });
}

export async function updateProvider(
  { prisma }: Tx,
  id: string,
  changes: Partial<Pick<ProviderDraft, 'settings' | 'secrets' | 'isDefault'>> & {
    readonly disabledAt?: Date | null;
  },
  now: Date,
): Promise<void> {
  const { secrets, ...rest } = changes;
  await prisma.paymentProvider.update({
    where: { id },
    data: { ...rest, ...(secrets && { secrets: stored(secrets) }), updatedAt: now },
  });
}

function stored(secrets: Uint8Array | null) {
  return secrets && new Uint8Array(secrets);
}

const CREATE_RECORD: Statement = {
  name: 'payments.create_record',
  text: `INSERT INTO payment_provider_records (provider_id, ref, record, created_at, updated_at)
    VALUES ($1::uuid, $2, $3::jsonb, $4::timestamptz, $4::timestamptz)
    ON CONFLICT (provider_id, ref) DO NOTHING`,
};

const READ_RECORD: Statement = {
  name: 'payments.read_record',
  text: 'SELECT record FROM payment_provider_records WHERE provider_id = $1::uuid AND ref = $2',
};

const LOCK_RECORD: Statement = {
  name: 'payments.lock_record',
  text: `${READ_RECORD.text} FOR UPDATE`,
};

const UPDATE_RECORD: Statement = {
  name: 'payments.update_record',
  text: `UPDATE payment_provider_records SET record = $3::jsonb, updated_at = $4::timestamptz
    WHERE provider_id = $1::uuid AND ref = $2`,
};

const NEXT_INDEX: Statement = {
  name: 'payments.next_index',
  text: `UPDATE payment_providers SET next_index = next_index + 1 WHERE id = $1::uuid
    RETURNING (next_index - 1)::float8 AS index`,
};

/** What one provider keeps. */
export function createRecords(db: Db, clock: Clock, providerId: string): ProviderRecords {
  const read = async (from: Queryable, ref: string, statement: Statement) => {
    const [row] = await from.query<{ record: unknown }>(statement, [providerId, ref]);
    return row?.record ?? null;
  };
  return {
    async create(ref, record) {
      const values = [providerId, ref, JSON.stringify(record), clock.now()];
      await db.direct.query(CREATE_RECORD, values);
      return read(db.direct, ref, READ_RECORD);
    },
    read: (ref) => read(db.direct, ref, READ_RECORD),
    update: (ref, change) =>
      db.backgroundTransaction(async (tx) => {
        const record = await read(tx, ref, LOCK_RECORD);
        if (record === null) return null;
        const changed = change(record);
        await tx.query(UPDATE_RECORD, [providerId, ref, JSON.stringify(changed), clock.now()]);
        return changed;
      }),
    async nextIndex() {
      const [row] = await db.direct.query<{ index: number }>(NEXT_INDEX, [providerId]);
      if (!row) throw new Error(`The provider ${providerId} is gone.`);
      return row.index;
    },
  };
}

/** What the graph reads of providers, in the order of their making. */
export function createProviderReads({ prisma }: Db) {
  return {
    readProvider: (viewer: Viewer, id: string, query: object = {}) =>
      prisma.paymentProvider.findFirst({ ...query, where: { ...inOrganization(viewer), id } }),
    listProviders: (viewer: Viewer, query: object = {}) =>
      prisma.paymentProvider.findMany({
        orderBy: { id: 'asc' },
        ...query,
        where: inOrganization(viewer),
      }),
  };
}
