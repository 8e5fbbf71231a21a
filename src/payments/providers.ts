import type { Viewer } from '../access/viewer.ts';
import { newId, toTypeId } from '../kit/ids.ts';
import { type Conflict, conflict, type NotFound, notFound } from '../kit/refusal.ts';
import type { PaymentsDeps } from './deps.ts';
import { moduleOf } from './modules.ts';
import {
  type Provider,
  ProviderError,
  type ProviderKind,
  type ProviderRecords,
} from './provider.ts';
import type { ProviderConfig, ProviderDeps } from './provider-module.ts';
import {
  createRecords,
  findDefault,
  findProvider,
  insertFirst,
  type ProviderRow,
  readProvider,
} from './provider-store.ts';
import { sandboxSettings } from './sandbox-settings.ts';
import { QUEUE_EMISSION } from './sql/add-jobs.ts';

export type Providers = ReturnType<typeof createProviders>;

/** A provider that can be asked. */
export interface OpenProvider {
  readonly row: ProviderRow;
  readonly provider: Provider;
  readonly records: ProviderRecords;
}

/** Opens the providers of organizations, and keeps those that are open as long as nothing of them changes. */
export function createProviders(deps: PaymentsDeps) {
  const { db, clock, settings } = deps;
  const opened = new Map<string, { since: number; open: Promise<OpenProvider> }>();

  function open(row: ProviderRow): Promise<OpenProvider> {
    const known = opened.get(row.id);
    const since = row.updatedAt.getTime();
    if (known?.since === since) return known.open;
    const fresh = openAnew(row);
    opened.set(row.id, { since, open: fresh });
    // What could not be opened is tried again by whoever comes next.
    fresh.catch(() => opened.delete(row.id));
    return fresh;
  }

  async function openAnew(row: ProviderRow): Promise<OpenProvider> {
    const records = createRecords(db, clock, row.id);
    const deps = depsOf(row.id, records);
    const provider = await moduleOf(row.kind).open(configOf(row), deps);
    return { row, provider, records };
  }

  /** What keeps a provider from being opened with what was said; null when nothing does. */
  async function problemOf(kind: ProviderKind, config: ProviderConfig): Promise<string | null> {
    const nobody = newId('paymentProvider');
    try {
      await moduleOf(kind).open(config, depsOf(nobody, createRecords(db, clock, nobody)));
      return null;
    } catch (error) {
      if (error instanceof ProviderError) return error.message;
      throw error;
    }
  }

  function depsOf(id: string, records: ProviderRecords): ProviderDeps {
    return {
      clock,
      records,
      providerId: toTypeId('paymentProvider', id),
      publicUrl: settings.publicUrl(),
      allowPrivate: settings.allowPrivate,
      async emit(type, ref, delayMs) {
        await db.direct.query(QUEUE_EMISSION, [id, type, ref, delayMs]);
      },
    };
  }

  function configOf({ id, settings: shown, secrets }: ProviderRow) {
    const config = shown as Record<string, string>;
    if (secrets === null) return config;
    if (settings.cipher === null) {
      throw new Error('A provider has secrets, and there is no key to read them with.');
    }
    return { ...config, ...JSON.parse(settings.cipher.open(secrets, id)) };
  }

  async function openById(id: string): Promise<OpenProvider | null> {
    const row = await readProvider(db, id);
    return row && open(row);
  }

  /** The one that is named, or the one that is asked when none is. */
  async function choose(
    viewer: Viewer,
    name: string | null,
  ): Promise<ProviderRow | NotFound | Conflict> {
    if (name === null) return (await findDefault(db, viewer)) ?? firstOf(viewer);
    const row = await findProvider(db, viewer, name);
    if (!row) return notFound('provider', 'PaymentProvider', name);
    return row.disabledAt ? conflict('provider', 'It is disabled.') : row;
  }

  /** An organization for tests has one that only pretends, without having to say anything. */
  async function firstOf(viewer: Viewer): Promise<ProviderRow | Conflict> {
    if (viewer.mode === 'LIVE') {
      return conflict('provider', 'No payment provider is the default: configure one, or name it.');
    }
    const { organizationId } = viewer;
    await db.transaction((tx) => insertFirst(tx, sandboxOf(organizationId), clock.now()));
    const row = await findDefault(db, viewer);
    return row ?? conflict('provider', 'No payment provider is the default: name one.');
  }

  return { open, openById, choose, problemOf };
}

function sandboxOf(organizationId: string) {
  return {
    id: newId('paymentProvider'),
    organizationId,
    code: 'sandbox',
    kind: 'SANDBOX' as const,
    settings: sandboxSettings({}, null),
    secrets: null,
    isDefault: true,
  };
}
