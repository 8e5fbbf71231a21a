import type { ProviderKind } from './provider.ts';
import type { ProviderModule } from './provider-module.ts';
import { cryptoModule } from './providers/crypto/crypto-module.ts';
import { manualModule } from './providers/manual/manual.ts';
import { onchainModule } from './providers/onchain/onchain-module.ts';
import { sandboxModule } from './providers/sandbox/sandbox-module.ts';
import { stripeModule } from './providers/stripe/stripe-module.ts';

/** Every kind of provider that there is. What a kind needs beyond this file it loads when it is opened. */
const MODULES: readonly ProviderModule[] = [
  manualModule,
  sandboxModule,
  stripeModule,
  cryptoModule,
  onchainModule,
];

const BY_KIND: ReadonlyMap<ProviderKind, ProviderModule> = new Map(
  MODULES.map((module) => [module.kind, module]),
);

export function moduleOf(kind: ProviderKind): ProviderModule {
  const module = BY_KIND.get(kind);
  if (!module) throw new Error(`There is no provider of the kind ${kind}.`);
  return module;
}
