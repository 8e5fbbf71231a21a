import { ProviderError } from '../../provider.ts';

/** How the next call shall fail. */
export interface NextFault {
  /** @default UNREACHABLE */
  readonly code?: string;
  /** @default true */
  readonly isRetryable?: boolean;
  /** AFTER: it is done, and nobody is told so, as when a connection breaks. @default BEFORE */
  readonly when?: 'BEFORE' | 'AFTER';
}

export interface Faults {
  /** Has the next call fail that has none to fail by yet; called twice the next two. */
  failNext(fault?: NextFault): void;
  /** The same call, that fails when it is its turn. */
  exposed<Args extends unknown[], Answer>(
    call: (...args: Args) => Promise<Answer>,
  ): (...args: Args) => Promise<Answer>;
}

/** Time-outs and errors of a provider, on demand: of this opened one, as long as it is open. */
export function createFaults(): Faults {
  const waiting: NextFault[] = [];
  return {
    failNext: (fault = {}) => void waiting.push(fault),
    exposed:
      (call) =>
      async (...args) => {
        const fault = waiting.shift();
        if (!fault) return call(...args);
        if (fault.when === 'AFTER') await call(...args);
        const { code = 'UNREACHABLE', isRetryable = true } = fault;
        throw new ProviderError(code, 'The sandbox was told to fail.', isRetryable);
      },
  };
}
