import { max, plain, ZERO } from '../kit/decimal.ts';
import type { Block } from './block.ts';
import type { Refused } from './hold-api.ts';
import { LeaseError } from './lease-error.ts';
import type { Terms } from './read-options.ts';
import type { LeasedEvent } from './sdk.js';

/** What the owner of a lease is told. */
export interface Tell {
  /** Too little could be set aside; told once, until `enough`. */
  low(refusal: Refused): void;
  enough(): void;
  /** Whoever does not listen for it is told of trouble: it is usage that is free unless somebody looks. */
  refused(event: LeasedEvent, refusal: Refused): void;
  trouble(error: LeaseError): void;
}

export function createTell(
  { onLow, onRefused, onTrouble }: Pick<Terms, 'onLow' | 'onRefused' | 'onTrouble'>,
  block: Block,
): Tell {
  let isLowTold = false;

  function trouble(error: LeaseError): void {
    if (onTrouble) aside(() => onTrouble(error));
  }

  return {
    low({ available }) {
      if (isLowTold || !onLow) return;
      isLowTold = true;
      const remaining = plain(max(block.left(), ZERO));
      aside(() => onLow({ remaining, available: plain(available ?? ZERO) }));
    },
    enough: () => {
      isLowTold = false;
    },
    refused(event, { refused, message }) {
      if (onRefused) aside(() => onRefused(event, { refused, message }));
      else trouble(troubleOf({ refused, message: `Event ${event.eventId}: ${message}` }));
    },
    trouble,
  };
}

/** What a callback throws is its owner's, and does not stop the lease. */
function aside(callback: () => void): void {
  setImmediate(callback);
}

/** A refusal that nobody foresaw, as what it is for the lease: something that does not work now. */
export function troubleOf({ refused, message }: Omit<Refused, 'available'>): LeaseError {
  return new LeaseError('REJECTED', `${message} (${refused})`);
}
