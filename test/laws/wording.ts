import { expect } from 'vitest';
import { plain } from '../../src/kit/decimal.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import type { InsufficientFunds } from '../../src/ledger/refusals.ts';
import type { BalanceUpdate } from '../../src/live/balance-update.ts';
import type { UsageEventInput, Outcome as UsageOutcome } from '../../src/usage/event.ts';
import type { Outcome, SentEvent } from './reference-words.ts';

interface Known {
  /** How the reference calls wallets and grants, by stored id. */
  readonly labels: ReadonlyMap<string, string>;
  /** Stored ids by external id. */
  readonly customers: ReadonlyMap<string, string>;
  readonly metricCodes: ReadonlyMap<string, string>;
}

/** What the product answers, in the words of the reference. */
export function createWording({ labels, customers, metricCodes }: Known) {
  function toOutcome(outcome: UsageOutcome): Outcome {
    if (isRefusal(outcome)) return refused(outcome);
    const { event, duplicate, throttled, charges = [], balances = [] } = outcome;
    const [customer] = [...customers].find(([, id]) => id === event.customerId) ?? [];
    const name = `${customer}/${event.eventId}`;
    if (duplicate) return { is: 'DUPLICATE', event: name };
    const texts = charges.map(({ metricId, quantity, amount, draws = [] }) => {
      const drawn = draws.map(
        (draw) => `${plain(draw.amount)} of ${draw.grant ? labels.get(draw.grant.id) : 'debt'}`,
      );
      return `${metricCodes.get(metricId)} ${plain(quantity)} costs ${plain(amount)} = ${drawn.join(' + ')}`;
    });
    return {
      is: 'RECORDED',
      event: name,
      throttled,
      charges: texts,
      balances: balances.map(toBalance),
    };
  }

  function toBalance({ walletId, version, balance }: BalanceUpdate) {
    const { settled, held, available, pending } = balance;
    return { wallet: labels.get(walletId), version, settled, held, available, pending };
  }

  function refused(refusal: { readonly refusal: string }): Outcome {
    const facts = refusal as unknown as Record<string, unknown>;
    const is = refusal.refusal;
    if (is === 'IdempotencyMismatch') return { is, field: facts.field };
    if (is === 'HoldClosed') return { is, status: facts.status };
    if (is === 'OutsideWindow') return { is, direction: facts.direction };
    if (is !== 'InsufficientFunds') return { is };
    const wallet =
      facts.walletId === null ? null : (labels.get(String(facts.walletId)) ?? 'unknown');
    const { required, available, shortfall } = refusal as unknown as InsufficientFunds;
    return {
      is,
      required: plain(required),
      available: plain(available),
      shortfall: plain(shortfall),
      wallet,
    };
  }

  return { toOutcome, refused };
}

/** Of the fields that differ a refusal names one, whichever. */
export function withOneField(expected: unknown): unknown {
  if (Array.isArray(expected)) return expected.map(withOneField);
  const { fields, ...rest } = (expected ?? {}) as { fields?: readonly string[] };
  return fields ? { ...rest, field: expect.toBeOneOf([...fields]) } : expected;
}

export function toInput({ customer, occurredAt, hold: _, ...event }: SentEvent): UsageEventInput {
  return { ...event, customer: { externalId: customer }, occurredAt: occurredAt?.toISOString() };
}

export function outcomesOf(batch: object): UsageOutcome[] {
  if ('outcomes' in batch) return batch.outcomes as UsageOutcome[];
  throw new Error(`The batch was refused as a whole: ${JSON.stringify(batch)}`);
}
