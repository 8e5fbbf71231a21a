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
  refused(event: LeasedEvent, refusal: Refused): void;
  trouble(error: LeaseError): void;
}

export function createTell(
  { onLow, onRefused, onTrouble }: Pick<Terms, 'onLow' | 'onRefused' | 'onTrouble'>,
  block: Block,
): Tell {
  let isLowTold = false;
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
    },
    trouble(error) {
      if (onTrouble) aside(() => onTrouble(error));
    },
  };
}

/** What a callback throws is its owner's, and does not stop the lease. */
function aside(callback: () => void): void {
  setImmediate(callback);
}

/** A refusal that nobody foresaw, as what it is for the lease: something that does not work now. */
export function troubleOf({ refused, message }: Refused): LeaseError {
  return new LeaseError('REJECTED', `${message} (${refused})`);
}
