import type { ProviderRecords } from '../../provider.ts';
import type { Chain } from './chain.ts';
import {
  nextBlock,
  type OnchainPayment,
  receivedOf,
  type Sight,
  withBalance,
  withTransfers,
} from './onchain-payment.ts';
import type { Units } from './units.ts';

export interface LookDeps {
  readonly chain: Chain;
  readonly records: ProviderRecords;
  readonly confirmations: number;
}

/** Requests in one go: what nobody has asked for in a long time is looked through by and by. */
const MAX_CHUNKS = 50;

/** Looks at the chain for what has come for a payment, and stores what is final. */
export async function look(deps: LookDeps, ref: string, payment: OnchainPayment): Promise<Sight> {
  const head = await deps.chain.head();
  /** The newest block with all its confirmations; its own is the first. */
  const final = head - deps.confirmations + 1;
  return payment.token === null
    ? lookAtBalance(deps, ref, payment, final)
    : lookThrough(deps, ref, payment, payment.token, { head, final });
}

/** The chain's own coin. */
async function lookAtBalance(
  { chain, records }: LookDeps,
  ref: string,
  payment: OnchainPayment,
  final: number,
): Promise<Sight> {
  const { address } = payment;
  const newest = await chain.balance(address, 'latest');
  const settled = await chain.balance(address, Math.max(final, 0));
  const stored = await change(records, ref, (current) => withBalance(current, settled));
  const received = newest - BigInt(stored.before);
  const unconfirmed = received > receivedOf(stored) ? received - receivedOf(stored) : 0n;
  return { payment: stored, unconfirmed, isComplete: true };
}

/** A token. What was looked through is stored chunk by chunk, so nothing that breaks off is done again. */
async function lookThrough(
  { chain, records }: LookDeps,
  ref: string,
  payment: OnchainPayment,
  token: string,
  { head, final }: { readonly head: number; readonly final: number },
): Promise<Sight> {
  let stored = payment;
  let unconfirmed: Units = 0n;
  let from = nextBlock(payment);
  for (let chunks = 0; from <= head && chunks < MAX_CHUNKS; chunks += 1) {
    const path = { token, to: payment.address };
    const { found, until } = await chain.transfers(path, from, head);
    const settled = found.filter(({ block }) => block <= final);
    const upTo = Math.min(until, final);
    if (upTo >= from) {
      stored = await change(records, ref, (current) => withTransfers(current, settled, upTo));
    }
    unconfirmed += found
      .filter(({ block }) => block > final && block > stored.scannedTo)
      .reduce((sum, { units }) => sum + units, 0n);
    from = until + 1;
  }
  return { payment: stored, unconfirmed, isComplete: from > head };
}

/** That it was told to be settled: it stays so, whatever is on its way on top of it. */
export async function keepSettled(
  { records }: Pick<LookDeps, 'records'>,
  ref: string,
  { isSettled }: OnchainPayment,
): Promise<void> {
  if (!isSettled) await change(records, ref, (current) => ({ ...current, isSettled: true }));
}

async function change(
  records: ProviderRecords,
  ref: string,
  make: (current: OnchainPayment) => OnchainPayment,
): Promise<OnchainPayment> {
  const stored = await records.update(ref, (current) => make(current as OnchainPayment));
  if (stored === null) throw new Error('The record of a payment on a chain is gone.');
  return stored as OnchainPayment;
}
