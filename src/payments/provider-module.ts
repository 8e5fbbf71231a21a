import type { Clock } from '../kit/clock.ts';
import type { Provider, ProviderKind, ProviderRecords, RawWebhook } from './provider.ts';

/** One thing that an organization says to use a provider: `secretKey`. */
export interface ProviderField {
  readonly name: string;
  /** Kept encrypted, and never shown again. */
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  /** What is wrong with a value, as a sentence that does not repeat it; null when it will do. */
  problemOf(value: string): string | null;
}

/** What was said, by the names of the fields: settings and secrets together. */
export type ProviderConfig = Readonly<Record<string, string | undefined>>;

export interface ProviderDeps {
  readonly clock: Clock;
  /** The provider's TypeID, which is in the addresses of what the product itself shows for it. */
  readonly providerId: string;
  /** Of this provider of this organization. */
  readonly records: ProviderRecords;
  /**
   * Has the provider's own `writeWebhook` called for an event of this object after so long, and what it writes taken in like any webhook.
   * Stored first: it comes also when this process is gone.
   */
  emit(type: string, ref: string, delayMs: number): Promise<void>;
  /** Where this server is reached from outside, without a path: `https://billing.example.com`. */
  readonly publicUrl: string;
  /** For development and tests: addresses of providers may be private, and without TLS. */
  readonly allowPrivate: boolean;
}

/** A provider that is part of the product: it writes its own webhooks, signed as others sign theirs. */
export interface BuiltInProvider extends Provider {
  writeWebhook(eventId: string, type: string, ref: string, at: Date): RawWebhook;
}

/** A kind of provider: what it wants to know, and how it is opened. */
export interface ProviderModule {
  readonly kind: ProviderKind;
  readonly fields: readonly ProviderField[];
  /** Loads what it needs; asks nobody yet. The config has been checked. */
  open(config: ProviderConfig, deps: ProviderDeps): Promise<Provider>;
}
