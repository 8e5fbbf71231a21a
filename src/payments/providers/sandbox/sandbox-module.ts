import type {
  ProviderConfig,
  ProviderDeps,
  ProviderField,
  ProviderModule,
} from '../../provider-module.ts';
import { createSandbox, type SandboxProvider } from './sandbox.ts';

export interface SandboxModule extends ProviderModule {
  open(config: ProviderConfig, deps: ProviderDeps): Promise<SandboxProvider>;
}

const MIN_SECRET = 16;
const MAX_DELAY_MS = 600_000;

const FIELDS: readonly ProviderField[] = [
  {
    name: 'webhookSecret',
    isSecret: true,
    isRequired: true,
    problemOf: (value) =>
      value.length >= MIN_SECRET ? null : `Must have ${MIN_SECRET} characters or more.`,
  },
  {
    name: 'delayMs',
    isSecret: false,
    isRequired: false,
    problemOf: (value) =>
      /^\d{1,6}$/.test(value) && Number(value) <= MAX_DELAY_MS
        ? null
        : `Must be a whole number of milliseconds from 0 to ${MAX_DELAY_MS}.`,
  },
];

/** The provider that needs no keys and no network: it behaves like others, and no money moves. */
export const sandboxModule: SandboxModule = {
  kind: 'SANDBOX',
  fields: FIELDS,
  async open({ webhookSecret, delayMs }, deps) {
    if (!webhookSecret) throw new Error('The sandbox was opened without its webhookSecret.');
    return createSandbox({ webhookSecret, delayMs: Number(delayMs ?? 0) }, deps);
  },
};
