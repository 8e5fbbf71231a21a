import { Resolver } from 'node:dns/promises';
import type { Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics.ts';
import { type Clock, DAY_MS, fromEpochMs, SECOND_MS } from '../kit/clock.ts';
import type { Alongside } from '../live/sequencer.ts';
import { createAttempts } from './attempt.ts';
import { createDeliver, type Deliver } from './deliver.ts';
import type { DestinationPolicy } from './destination.ts';
import { createWebhookEndpoints, type WebhookEndpoints } from './endpoints.ts';
import { createBodiesLoader } from './loader.ts';
import { createMessages } from './message.ts';
import { createPing, type PingWebhookEndpoint } from './ping.ts';
import { createReplay, type ReplayWebhookEvents } from './replay.ts';
import { createResend, type Resend } from './resend.ts';
import { createPublicLookUp, type LookUpHost, lookUpAnyHost } from './resolve-host.ts';
import { QUEUE_DELIVERIES, QUEUE_HELD, QUEUE_LEFT_BEHIND } from './sql/add-jobs.ts';
import { FORGET_DELIVERIES } from './sql/forget-deliveries.ts';
import { createWebhookReads } from './store.ts';

/** Where webhooks may go, and how patient they are. */
export interface WebhookSettings extends DestinationPolicy {
  /** @default that of the public internet */
  readonly lookUp?: LookUpHost | undefined;
  /** For one request; a ping has 5 s at the most. @default 15 s */
  readonly timeoutMs?: number | undefined;
  /** @default three days in nine steps */
  readonly retryDelaysMs?: readonly number[] | undefined;
}

export interface WebhooksDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: WebhookSettings;
  /** Called after a commit that has something to tell. */
  readonly wake: () => void;
}

export interface Webhooks extends WebhookEndpoints, Resend, ReturnType<typeof createWebhookReads> {
  readonly pingWebhookEndpoint: PingWebhookEndpoint;
  readonly replayWebhookEvents: ReplayWebhookEvents;
  readonly deliver: Deliver;
  createBodiesLoader(viewer: Viewer): ReturnType<typeof createBodiesLoader>;
  /** One pass, for the worker: finds endpoints left behind. */
  sweep(): Promise<boolean>;
  /** One pass, for the worker, of deliveries older than so many days; true when there may be more. */
  forgetDeliveries(retentionDays: number): Promise<boolean>;
}

const DNS_TIMEOUT_MS = 3 * SECOND_MS;
const FORGET_AT_ONCE = 5_000;

/** The log delivered by HTTP. */
export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const { db, clock, settings } = deps;
  const { retryDelaysMs } = settings;
  const lookUp = settings.lookUp ?? defaultLookUp(settings);
  const makeAttempt = createAttempts(deps, { ...settings, lookUp });
  const messageOf = createMessages(db);

  return {
    ...createWebhookEndpoints({ db, clock, policy: settings }),
    ...createResend({ db, clock, messageOf, makeAttempt }),
    ...createWebhookReads(db),
    pingWebhookEndpoint: createPing({ db, clock, makeAttempt, timeoutMs: settings.timeoutMs }),
    replayWebhookEvents: createReplay({ db, clock }),
    deliver: createDeliver({ ...deps, messageOf, makeAttempt, retryDelaysMs, random: Math.random }),

    createBodiesLoader: (viewer) => createBodiesLoader(db.direct, messageOf, viewer),
    async sweep() {
      await db.direct.query(QUEUE_LEFT_BEHIND, []);
      return false;
    },
    async forgetDeliveries(retentionDays) {
      const before = fromEpochMs(clock.now().getTime() - retentionDays * DAY_MS);
      const forgotten = await db.direct.query(FORGET_DELIVERIES, [before, FORGET_AT_ONCE]);
      return forgotten.length === FORGET_AT_ONCE;
    },
  };
}

function defaultLookUp({ allowPrivate }: DestinationPolicy): LookUpHost {
  if (allowPrivate) return lookUpAnyHost;
  return createPublicLookUp(new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 2 }));
}

/** With events that get their place: for the sequencer. */
export function createQueueDeliveries(db: Pick<Db, 'direct'>): Alongside {
  return async (tx, grown) => {
    const organizationIds = grown.map(({ organizationId }) => organizationId);
    const [row] = await tx.query<{ held: number }>(QUEUE_DELIVERIES, [organizationIds]);
    return row?.held ? () => db.direct.query(QUEUE_HELD, [organizationIds]) : null;
  };
}
