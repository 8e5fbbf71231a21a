import type { Viewer } from '../../src/access/viewer.ts';
import { SECOND_MS } from '../../src/kit/clock.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import type { Services } from '../../src/services.ts';
import type { Outcome as UsageOutcome } from '../../src/usage/event.ts';
import type { HoldOutcome, HoldRefusal } from '../../src/usage/holds/outcome.ts';
import type { HoldOperation } from './hold-operations.ts';
import type { DrawnEvent, ResentEvent } from './operations.ts';
import type { Reference } from './reference.ts';
import type { Outcome, SentEvent } from './reference-words.ts';
import { nearest, ONE, units } from './units.ts';
import { toInput } from './wording.ts';

type Compared = [actual: unknown, expected: unknown];

interface Around {
  readonly viewer: Viewer;
  readonly reference: Reference;
  readonly now: () => Date;
  readonly turn: () => Services;
  /** How the reference calls what the product has made, by stored id. */
  readonly labels: Map<string, string>;
  toSent(
    event: DrawnEvent | ResentEvent,
    hold: { readonly id: string; readonly customer: string },
  ): SentEvent | null;
  toOutcome(outcome: UsageOutcome): Outcome;
  refused(refusal: { readonly refusal: string }): Outcome;
}

/** Operations on holds in both worlds. */
export function createHoldModel(around: Around) {
  const { viewer, reference, now, turn, labels } = around;
  /** Those that were placed, by label. */
  const typeIds = new Map<string, string>();
  const holds = () => turn().usage.holds;

  function pick(number: number) {
    const known = [...typeIds.keys()].reverse();
    const label = known[number % known.length];
    return label === undefined ? null : reference.findHold(label).hold;
  }

  const said = (outcome: HoldOutcome | HoldRefusal, more: (held: HoldOutcome) => object) =>
    isRefusal(outcome)
      ? around.refused(outcome)
      : { is: 'DONE', hold: labels.get(outcome.holdId), ...more(outcome) };

  async function place({ do: _, of, ...rest }: HoldOperation & { do: 'place' }): Promise<Compared> {
    const { customer, ttlSeconds, maxCaptures, key } = rest;
    const metric = 'metric' in of ? of.metric : null;
    const asset = metric === null ? rest.asset : metric === 'seconds' ? 'GPU' : 'SEAT';
    const amount = 'amount' in of ? units(of.amount) : costOf(of.metric, units(of.quantity));
    const terms = { customer, asset, metric, amount, ttlMs: ttlSeconds * SECOND_MS };
    const expected = reference.placeHold({ ...terms, maxCaptures, key }, now());
    const outcome = await holds().place(viewer, {
      customer: { externalId: customer },
      ...of,
      ...(metric === null && { asset }),
      ...(metric === 'seats' && { properties: { region: 'eu' } }),
      ttlSeconds,
      maxCaptures,
      idempotencyKey: key,
    });
    if (!isRefusal(outcome) && !outcome.duplicate) {
      labels.set(outcome.holdId, String(expected.hold));
      typeIds.set(String(expected.hold), toTypeId('hold', outcome.holdId));
    }
    return [said(outcome, ({ duplicate }) => ({ created: !duplicate })), expected];
  }

  async function capture({ hold, events, final }: HoldOperation & { do: 'capture' }) {
    const chosen = pick(hold);
    const sent = chosen ? events.map((event) => around.toSent(event, chosen)) : [];
    const whole = sent.filter((event) => event !== null);
    if (!chosen || whole.length === 0) return NOTHING;
    const expected = reference.captureHold(chosen.id, whole, final, now());
    const inputs = whole.map((event) => toInput(event));
    const typeId = typeIds.get(chosen.id) ?? '';
    const outcome = await holds().capture(viewer, { hold: typeId, events: inputs, final });
    const actual = said(outcome, ({ duplicate, late, events: told }) => ({
      duplicate,
      late,
      events: told.map(around.toOutcome),
    }));
    return [actual, withoutPaid(expected)] as Compared;
  }

  async function spend({ hold, event }: HoldOperation & { do: 'spend' }) {
    const chosen = pick(hold);
    const sent = chosen && around.toSent(event, chosen);
    if (!chosen || !sent) return NOTHING;
    const outcome = reference.captureHold(chosen.id, [sent], false, now());
    const [only] = (outcome.events ?? []) as Outcome[];
    const holdId = typeIds.get(chosen.id) ?? '';
    const actual = await turn().usage.record(viewer, { ...toInput(sent), holdId });
    return [around.toOutcome(actual), withoutPaid(only ?? outcome)] as Compared;
  }

  async function extend({ hold, ttlSeconds, amount }: HoldOperation & { do: 'extend' }) {
    const chosen = pick(hold);
    if (!chosen || (ttlSeconds === null && amount === null)) return NOTHING;
    const ttlMs = ttlSeconds === null ? null : ttlSeconds * SECOND_MS;
    const atLeast = amount === null ? null : units(amount);
    const expected = reference.extendHold(chosen.id, ttlMs, atLeast, now());
    const typeId = typeIds.get(chosen.id) ?? '';
    const outcome = await holds().extend(viewer, { hold: typeId, ttlSeconds, amount });
    return [said(outcome, () => ({})), expected] as Compared;
  }

  async function release({ hold }: HoldOperation & { do: 'release' }) {
    const chosen = pick(hold);
    if (!chosen) return NOTHING;
    const expected = reference.releaseHold(chosen.id, now());
    const outcome = await holds().release(viewer, { hold: typeIds.get(chosen.id) ?? '' });
    return [said(outcome, () => ({})), expected] as Compared;
  }

  return (operation: HoldOperation): Promise<Compared> => {
    switch (operation.do) {
      case 'place':
        return place(operation);
      case 'capture':
        return capture(operation);
      case 'spend':
        return spend(operation);
      case 'extend':
        return extend(operation);
      case 'release':
        return release(operation);
    }
  };
}

const NOTHING: Compared = [null, null];

function costOf(metric: 'seconds' | 'seats', quantity: bigint): bigint {
  if (metric === 'seats') return (quantity * units('2.5')) / ONE;
  return nearest(quantity * units('0.125'), ONE, 10n ** 10n);
}

/** What the reference keeps of an event for itself. */
function withoutPaid(outcome: Outcome): Outcome {
  const { paid: _, events, ...rest } = outcome as Outcome & { events?: readonly Outcome[] };
  return { ...rest, ...(events && { events: events.map(withoutPaid) }) } as Outcome;
}
