import type { Viewer } from '../access/viewer.ts';
import type { Db, Tx } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import { type Checker, createChecker } from '../kit/check.ts';
import { type Clock, DAY_MS, fromEpochMs, SECOND_MS } from '../kit/clock.ts';
import { type Id, newId } from '../kit/ids.ts';
import {
  type Conflict,
  conflict,
  type IdempotencyMismatch,
  type Invalid,
  isRefusal,
  type NotFound,
} from '../kit/refusal.ts';
import { readExtent } from '../live/event-log.ts';
import { type DestinationPolicy, readDestination } from './destination.ts';
import { generateSecret, type Signing } from './signing.ts';
import { QUEUE_NOW } from './sql/add-jobs.ts';
import {
  changeEndpoint,
  countEndpoints,
  type EndpointChanges,
  insertEndpoint,
  lockEndpoints,
  removeEndpoint,
  resolveEndpoint,
} from './store.ts';

/** Each is a job of its own with every event; nobody needs more. */
const MAX_ENDPOINTS = 16;
export const OVERLAP_DEFAULT_SECONDS = DAY_MS / SECOND_MS;
export const OVERLAP_MAX_SECONDS = (7 * DAY_MS) / SECOND_MS;
const DESCRIPTION_MAX = 255;

interface Keyed {
  readonly idempotencyKey?: string | null | undefined;
}

interface Named extends Keyed {
  /** A TypeID. */
  readonly endpoint: string;
}

export interface CreateWebhookEndpointInput extends Keyed {
  readonly url: string;
  readonly types?: readonly string[] | null | undefined;
  readonly description?: string | null | undefined;
  readonly signing?: Signing | null | undefined;
}

export interface UpdateWebhookEndpointInput extends Named {
  readonly url?: string | null | undefined;
  readonly types?: readonly string[] | null | undefined;
  readonly description?: string | null | undefined;
  readonly enabled?: boolean | null | undefined;
  readonly resumeFrom?: 'WHERE_IT_STOPPED' | 'NOW' | null | undefined;
}

export interface RotateWebhookSecretInput extends Named {
  readonly overlapSeconds?: number | null | undefined;
}

export interface EndpointChanged {
  readonly endpointId: Id<'webhookEndpoint'>;
}

/** The secret is there once: null when a repeat is answered, and for ED25519, whose secret is ours alone. */
export interface EndpointWithSecret extends EndpointChanged {
  readonly secret: string | null;
}

export interface WebhookEndpoints {
  createWebhookEndpoint(
    viewer: Viewer,
    input: CreateWebhookEndpointInput,
  ): Promise<EndpointWithSecret | Invalid | Conflict | IdempotencyMismatch>;
  /** Absent keeps; a null description clears. Enabling tries at once, whatever has failed before. */
  updateWebhookEndpoint(
    viewer: Viewer,
    input: UpdateWebhookEndpointInput,
  ): Promise<EndpointChanged | Invalid | NotFound | IdempotencyMismatch>;
  rotateWebhookSecret(
    viewer: Viewer,
    input: RotateWebhookSecretInput,
  ): Promise<EndpointWithSecret | Invalid | NotFound | IdempotencyMismatch>;
  deleteWebhookEndpoint(
    viewer: Viewer,
    input: Named,
  ): Promise<EndpointChanged | Invalid | NotFound | IdempotencyMismatch>;
}

export interface WebhookEndpointsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: DestinationPolicy;
}

export function createWebhookEndpoints(deps: WebhookEndpointsDeps): WebhookEndpoints {
  const { db, clock, policy } = deps;

  function keyed<Outcome extends object>(
    viewer: Viewer,
    operation: string,
    input: Keyed,
    work: (tx: Tx) => Promise<Outcome>,
  ) {
    const { organizationId } = viewer;
    return db.transaction((tx) =>
      once(tx, clock, { organizationId, operation, input }, () => work(tx)),
    );
  }

  return {
    async createWebhookEndpoint(viewer, input) {
      const check = createChecker();
      const signing = input.signing ?? 'HMAC';
      const wanted = {
        url: readDestination(check, 'url', input.url, policy),
        description: check.optionalText('description', input.description, DESCRIPTION_MAX),
        types: readTypes(check, input.types ?? []),
        signing,
      };
      const fault = check.fault();
      if (fault) return fault;
      const secret = generateSecret(signing);
      const { organizationId } = viewer;
      let isNew = false;
      const outcome = await keyed(viewer, 'createWebhookEndpoint', input, async (tx) => {
        await lockEndpoints(tx, viewer);
        if ((await countEndpoints(tx, viewer)) >= MAX_ENDPOINTS) {
          return conflict('url', `There are ${MAX_ENDPOINTS} endpoints already: delete one first.`);
        }
        const { last } = await readExtent(tx, { organizationId, customerId: null });
        const id = newId('webhookEndpoint');
        const at = { createdAt: clock.now(), updatedAt: clock.now() };
        await insertEndpoint(tx, {
          ...wanted,
          id,
          organizationId,
          secret,
          position: BigInt(last),
          ...at,
        });
        isNew = true;
        return { endpointId: id };
      });
      return isRefusal(outcome) ? outcome : shown(outcome, isNew ? secret : null);
    },

    async updateWebhookEndpoint(viewer, input) {
      const check = createChecker();
      const { url, types, description, enabled, resumeFrom } = input;
      const changes: EndpointChanges = {
        updatedAt: clock.now(),
        ...(url != null && { url: readDestination(check, 'url', url, policy) }),
        ...(types != null && { types: readTypes(check, types) }),
        ...(description !== undefined && {
          description: check.optionalText('description', description, DESCRIPTION_MAX),
        }),
      };
      if (resumeFrom != null && enabled !== true) {
        check.note('resumeFrom', 'NOT_ALLOWED', 'Say `enabled: true` with it.');
      }
      const fault = check.fault();
      if (fault) return fault;
      return keyed(viewer, 'updateWebhookEndpoint', input, async (tx) => {
        const endpoint = await resolveEndpoint(tx, viewer, input.endpoint);
        if (isRefusal(endpoint)) return endpoint;
        await changeEndpoint(tx, endpoint.id, {
          ...changes,
          ...(enabled === false && endpoint.disabledAt === null && disabling(clock.now())),
          ...(enabled === true && ENABLING),
          ...(resumeFrom === 'NOW' && (await endOfLog(tx, viewer))),
        });
        if (enabled === true) await tx.query(QUEUE_NOW, [endpoint.id]);
        return { endpointId: endpoint.id };
      });
    },

    async rotateWebhookSecret(viewer, input) {
      const check = createChecker();
      const seconds = input.overlapSeconds ?? OVERLAP_DEFAULT_SECONDS;
      check.integer('overlapSeconds', seconds, 0, OVERLAP_MAX_SECONDS);
      const fault = check.fault();
      if (fault) return fault;
      let secret: string | null = null;
      const outcome = await keyed(viewer, 'rotateWebhookSecret', input, async (tx) => {
        const endpoint = await resolveEndpoint(tx, viewer, input.endpoint);
        if (isRefusal(endpoint)) return endpoint;
        secret = generateSecret(endpoint.signing);
        const now = clock.now();
        await changeEndpoint(tx, endpoint.id, {
          secret,
          previousSecret: endpoint.secret,
          previousSecretUntil: fromEpochMs(now.getTime() + seconds * SECOND_MS),
          updatedAt: now,
        });
        return { endpointId: endpoint.id };
      });
      return isRefusal(outcome) ? outcome : shown(outcome, secret);
    },

    deleteWebhookEndpoint: (viewer, input) =>
      keyed(viewer, 'deleteWebhookEndpoint', input, async (tx) => {
        const endpoint = await resolveEndpoint(tx, viewer, input.endpoint);
        if (isRefusal(endpoint)) return endpoint;
        await removeEndpoint(tx, endpoint.id);
        return { endpointId: endpoint.id };
      }),
  };
}

const ENABLING = {
  disabledReason: null,
  disabledAt: null,
  failedAttempts: 0,
  retryAt: null,
} as const;

function disabling(now: Date) {
  return { disabledReason: 'MERCHANT', disabledAt: now, retryAt: null } as const;
}

/** Behind everything that has happened: a replay, which comes before what is new, is over too. */
async function endOfLog(tx: Tx, { organizationId }: Viewer) {
  const { last } = await readExtent(tx, { organizationId, customerId: null });
  return { position: BigInt(last), replayPosition: null, replayUntil: null };
}

/** Each once, in the order given. The graph knows no other types than ours. */
function readTypes(check: Checker, types: readonly string[]): string[] {
  const wanted = [...new Set(types)];
  if (wanted.length !== types.length) check.note('types', 'NOT_ALLOWED', 'Name each type once.');
  return wanted;
}

/** The private key of an ED25519 endpoint is nobody's but ours: its public key can be read at any time. */
function shown<Outcome extends EndpointChanged>(outcome: Outcome, secret: string | null) {
  return { ...outcome, secret: secret?.startsWith('whsec_') ? secret : null };
}
