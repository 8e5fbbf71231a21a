import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ActiveAlert, judge, type Standing } from '../../src/alerts/judge.ts';
import type { Condition, Rule } from '../../src/alerts/rule.ts';
import { exact, ONE } from '../../src/kit/decimal.ts';

const NOW = new Date('2026-03-01T00:00:00.000Z');

const rule = (id: string, condition: Condition): Rule => ({ id, condition });
const amount = (value: number) =>
  rule(`amount ${value}`, { kind: 'BELOW_AMOUNT', amount: exact(value) });
const percent = (value: number) =>
  rule(`percent ${value}`, { kind: 'BELOW_PERCENT', percent: exact(value) });
const depleted = rule('depleted', { kind: 'DEPLETED' });
const recovered = rule('recovered', { kind: 'RECOVERED' });

function standing(given: Partial<Standing>): Standing {
  const spend = { buckets: [], sinceMs: null };
  const nothing = { rules: [], active: [], base: null, wasDepleted: false, isCredit: false };
  return { ...nothing, settled: 0n, spend, now: NOW, ...given };
}

const toldOf = (given: Standing) =>
  judge(given)
    .raised.filter(({ told }) => told)
    .map(({ rule: { id } }) => id);

describe('one judgement', () => {
  test('of several kinds that are crossed at once the lowest threshold is the most severe', () => {
    const rules = [amount(30), percent(5), percent(50), depleted];
    const at = (settled: number) =>
      toldOf(standing({ rules, base: exact(100), settled: exact(settled) }));
    expect([50, 49, 29, 4, 0].map(at)).toEqual([
      [],
      ['percent 50'],
      ['amount 30'],
      ['percent 5'],
      ['depleted'],
    ]);
  });

  test('a depletion names nothing as what was crossed, however far below it the wallet is', () => {
    for (const settled of [0n, -ONE]) {
      const { raised } = judge(standing({ rules: [depleted], base: ONE, settled }));
      expect(raised).toMatchObject([{ rule: depleted, threshold: 0n, observed: settled }]);
    }
    // The smallest amount there is is something.
    expect(judge(standing({ rules: [depleted], base: ONE, settled: 1n })).raised).toEqual([]);
  });

  test('a wallet that never had anything crosses nothing', () => {
    const rules = [amount(30), percent(50), depleted, recovered];
    for (const settled of [0n, -ONE]) {
      const verdict = judge(standing({ rules, settled }));
      expect(verdict).toMatchObject({ raised: [], base: null, below: null, isDepleted: false });
    }
  });

  test('a credit that leaves a debt arms nothing, and percents stay those of before', () => {
    const active = { id: 'a', ruleId: 'percent 50', kind: 'BELOW_PERCENT', told: true } as const;
    const rules = [percent(50)];
    const given = { rules, active: [active], base: exact(100), settled: -ONE, isCredit: true };
    expect(judge(standing(given))).toMatchObject({ base: exact(100), raised: [], recovered: [] });
  });

  test('an alert whose rule is gone recovers', () => {
    const active = { id: 'a', ruleId: 'gone', kind: 'BELOW_AMOUNT', told: true } as const;
    const verdict = judge(standing({ active: [active], base: exact(9), settled: ONE }));
    expect(verdict.recovered).toEqual([active]);
  });

  test('a rule about recovering is told once something is left again, and is over at once', () => {
    const empty = standing({ rules: [recovered], base: exact(9), settled: 0n });
    expect(judge(empty)).toMatchObject({ raised: [], isDepleted: true });
    const refilled = { ...empty, wasDepleted: true, settled: ONE, isCredit: true };
    expect(judge(refilled).raised).toMatchObject([{ rule: recovered, isMomentary: true }]);
    expect(judge({ ...refilled, wasDepleted: false }).raised).toEqual([]);
  });

  test('with a rule about recovering the next threshold is that nothing is left', () => {
    expect(judge(standing({ rules: [recovered], base: ONE, settled: ONE })).below).toBe(1n);
  });
});

// A wallet that goes up and down, judged the way the product does: only when it is below the next
// threshold, or credited. Beside it a naive model that looks at every rule after every step.

interface Step {
  readonly by: number;
  readonly isCredit: boolean;
}

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ by: fc.integer({ min: -60, max: -1 }), isCredit: fc.constant(false) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ by: fc.integer({ min: 1, max: 150 }), isCredit: fc.constant(true) }),
    },
  ),
  { maxLength: 40 },
);

const rulesets = fc.record({
  amounts: fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { maxLength: 4 }),
  percents: fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { maxLength: 4 }),
  isDepletedRule: fc.boolean(),
});

type Happening = readonly [what: 'raised' | 'recovered', rule: string];

function byProduct(rules: readonly Rule[], path: readonly Step[]): Happening[][] {
  let active: ActiveAlert[] = [];
  let [settled, base, below] = [0n, null as bigint | null, null as bigint | null];
  let wasDepleted = false;
  return path.map(({ by, isCredit }) => {
    settled += exact(by);
    const isDue = isCredit || (below !== null && settled < below);
    if (!isDue) return [];
    const verdict = judge(standing({ rules, active, settled, base, wasDepleted, isCredit }));
    const gone = new Set(verdict.recovered.map(({ id }) => id));
    const fresh = verdict.raised.map(({ rule: { id, condition }, told }) => ({
      id: `alert of ${id}`,
      ruleId: id,
      kind: condition.kind,
      told,
    }));
    const told = [
      ...active
        .filter(({ id, told: wasTold }) => wasTold && gone.has(id))
        .map(({ ruleId }) => ['recovered', ruleId] as const),
      ...fresh.filter((alert) => alert.told).map(({ ruleId }) => ['raised', ruleId] as const),
    ];
    active = [...active.filter(({ id }) => !gone.has(id)), ...fresh];
    [base, below, wasDepleted] = [verdict.base, verdict.below, verdict.isDepleted];
    return told;
  });
}

/** In whole numbers: a percent of the base is compared times a hundred. */
function byHand(rules: readonly Rule[], path: readonly Step[]): Happening[][] {
  let [settled, base] = [0, 0];
  const crossed = new Map<string, boolean>();
  const thresholdTimes100 = ({ condition }: Rule): number => {
    if (condition.kind === 'BELOW_AMOUNT') return Number(condition.amount / ONE) * 100;
    if (condition.kind === 'BELOW_PERCENT') return Number(condition.percent / ONE) * base;
    return 1;
  };
  return path.map(({ by, isCredit }) => {
    settled += by;
    if (isCredit && settled > 0) base = settled;
    if (base === 0) return [];
    const isBelow = (each: Rule) => settled * 100 < thresholdTimes100(each);
    const over = rules.filter(({ id }) => crossed.has(id)).filter((each) => !isBelow(each));
    const fresh = rules.filter((each) => isBelow(each) && !crossed.has(each.id));
    const [worst] = [...fresh].sort(
      (a, b) => thresholdTimes100(a) - thresholdTimes100(b) || (a.id < b.id ? -1 : 1),
    );
    const told: Happening[] = over
      .filter(({ id }) => crossed.get(id))
      .map(({ id }) => ['recovered', id]);
    for (const { id } of over) crossed.delete(id);
    for (const each of fresh) crossed.set(each.id, each === worst);
    return worst ? [...told, ['raised', worst.id]] : told;
  });
}

const inAnyOrder = (told: readonly Happening[][]) =>
  told.map((step) => step.map((each) => each.join(' ')).sort());

test('whatever path a balance takes, what is told is what looking at every rule all the time tells', () => {
  fc.assert(
    fc.property(rulesets, steps, ({ amounts, percents, isDepletedRule }, path) => {
      const rules = [
        ...amounts.map(amount),
        ...percents.map(percent),
        ...(isDepletedRule ? [depleted] : []),
      ];
      expect(inAnyOrder(byProduct(rules, path))).toEqual(inAnyOrder(byHand(rules, path)));
    }),
    { numRuns: 2_000 },
  );
});
