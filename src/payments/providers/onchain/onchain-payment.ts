import { type Exact, ZERO } from '../../../kit/decimal.ts';
import type { ProviderPaymentStatus } from '../../provider.ts';
import type { Transfer } from './transfers.ts';
import { amountOf, type Units } from './units.ts';

/**
 * What is kept of a payment: what it was asked in, and what has been seen of it. The terms are its own, so that it goes on
 * as it was offered when the settings change. Numbers of units are texts, for JSON has none so large.
 */
export interface OnchainPayment {
  readonly address: string;
  readonly chainId: number;
  readonly asset: string;
  readonly token: string | null;
  readonly decimals: number;
  readonly asked: string;
  readonly expiresAt: string;
  readonly canceledAt: string | null;
  /** Whether it was told to be, with whatever there was. */
  readonly isSettled: boolean;
  /** What the address had before of the chain's own coin. */
  readonly before: string;
  /** All blocks up to this one have been looked through, and had their confirmations then. */
  readonly scannedTo: number;
  /** No block up to this one is looked at again; what they brought is in `counted`. */
  readonly countedTo: number;
  readonly counted: string;
  /** What the blocks between brought. */
  readonly recent: readonly RecentTransfer[];
  /** Where the newest came from. */
  readonly payer: string | null;
}

interface RecentTransfer {
  readonly tx: string;
  readonly block: number;
  readonly units: string;
}

/**
 * So many blocks are looked through once more, however final: behind one address of a node there are often several, and
 * one that is behind finds nothing where there is something.
 */
const RESCANNED_BLOCKS = 32;

/** From where it is to be looked through. */
export function nextBlock({ countedTo }: OnchainPayment): number {
  return countedTo + 1;
}

/** All that has arrived for good. */
export function receivedOf({ counted, recent }: OnchainPayment): Units {
  return recent.reduce((sum, { units }) => sum + BigInt(units), BigInt(counted));
}

/**
 * With what was found in the blocks up to `scannedTo`, from the next one on. A transaction counts once, also when another
 * process has found it meanwhile; what was found is never taken away.
 */
export function withTransfers(
  payment: OnchainPayment,
  found: readonly Transfer[],
  upTo: number,
): OnchainPayment {
  const scannedTo = Math.max(payment.scannedTo, upTo);
  const countedTo = Math.max(payment.countedTo, scannedTo - RESCANNED_BLOCKS);
  const byTx = new Map(payment.recent.map((each) => [each.tx, each]));
  for (const { tx, block, units } of found) {
    if (block > payment.countedTo) byTx.set(tx, { tx, block, units: String(units) });
  }
  const all = [...byTx.values()];
  const settled = all.filter(({ block }) => block <= countedTo);
  const counted = settled.reduce((sum, { units }) => sum + BigInt(units), BigInt(payment.counted));
  return {
    ...payment,
    scannedTo,
    countedTo,
    counted: String(counted),
    recent: all.filter(({ block }) => block > countedTo),
    payer: found.at(-1)?.from ?? payment.payer,
  };
}

/** With what the address has of the chain's own coin for good. What counts is the most that it was. */
export function withBalance(payment: OnchainPayment, balance: Units): OnchainPayment {
  const received = balance - BigInt(payment.before);
  return received > BigInt(payment.counted) ? { ...payment, counted: String(received) } : payment;
}

/** What was seen of a payment by now. */
export interface Sight {
  readonly payment: OnchainPayment;
  /** What has come, and may still be taken back by the chain. */
  readonly unconfirmed: Units;
  /** Whether everything was looked through that there is. */
  readonly isComplete: boolean;
}

export interface Standing {
  readonly status: ProviderPaymentStatus;
  readonly paid: Exact;
}

export function standingOf({ payment, unconfirmed, isComplete }: Sight, now: Date): Standing {
  const received = receivedOf(payment);
  const paid = amountOf(received, payment.decimals);
  if (payment.isSettled || received >= BigInt(payment.asked)) return { status: 'SETTLED', paid };
  if (unconfirmed > 0n) return { status: 'AUTHORIZED', paid };
  const isCanceled = payment.canceledAt !== null;
  const isOver = isCanceled || now.toISOString() >= payment.expiresAt;
  if (!isOver || !isComplete) return { status: 'PENDING', paid };
  if (paid > ZERO) return { status: 'SETTLED', paid };
  return { status: isCanceled ? 'CANCELED' : 'EXPIRED', paid };
}
