import type { Db } from '../infra/db.ts';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics.ts';
import type { Clock } from '../kit/clock.ts';
import type { Watch } from '../ledger/watch.ts';
import type { Announce } from '../live/publish.ts';
import type { Cipher } from './cipher.ts';
import type { Providers } from './providers.ts';

/** How payments behave, as the server is told. */
export interface PaymentSettings {
  /** Keeps the secrets of providers; null: there is no key, and none can be kept. */
  readonly cipher: Cipher | null;
  /** Where this server is reached from outside, without a path; known once it listens. */
  readonly publicUrl: () => string;
  /** For development: addresses of providers may be private, and without TLS. */
  readonly allowPrivate: boolean;
}

export interface PaymentsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly announce: Announce;
  /** Evaluates the rules of wallets that were changed. */
  readonly watch: Watch;
  readonly settings: PaymentSettings;
}

/** What the verbs of this room go by: the same, and the providers that are open. */
export interface PaymentsRoom extends PaymentsDeps {
  readonly providers: Providers;
}
