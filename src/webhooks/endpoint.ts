import type { LoggedEvent } from '../live/event.ts';
import type { SigningSecrets } from './signing.ts';

/** An endpoint as whoever delivers to it sees it. */
export interface Endpoint extends SigningSecrets {
  readonly id: string;
  readonly organizationId: string;
  readonly url: string;
  readonly types: readonly string[];
  /** Everything that it wants up to here in the log was delivered. */
  readonly position: number;
  readonly replayPosition: number | null;
  readonly replayUntil: number | null;
  readonly failedAttempts: number;
  readonly retryAt: Date | null;
  readonly disabledAt: Date | null;
}

/** The part of the log that is sent now: after a place, up to another. */
export interface Track {
  readonly kind: 'EVENT' | 'REPLAY';
  readonly after: number;
  readonly until: number;
}

/** A replay comes before what is new, so that there is always one event that is next. */
export function trackOf({ position, replayPosition, replayUntil }: Endpoint): Track {
  if (replayPosition !== null && replayUntil !== null) {
    return { kind: 'REPLAY', after: replayPosition, until: replayUntil };
  }
  return { kind: 'EVENT', after: position, until: Number.POSITIVE_INFINITY };
}

export function isReplay({ kind }: Track): boolean {
  return kind === 'REPLAY';
}

export function wants({ types }: Pick<Endpoint, 'types'>, { fact }: LoggedEvent): boolean {
  return types.length === 0 || types.includes(fact.type);
}
