import { expect, test } from 'vitest';
import { diffRates } from '../../src/catalog/diff-rates.ts';
import type { ResolvedRate } from '../../src/catalog/rate-import.ts';
import { exact } from '../../src/kit/decimal.ts';

const NOW = new Date('2026-01-10T00:00:00.000Z');

const wanted = (model: string, unitAmount: string): ResolvedRate => ({
  metricId: 'm1',
  metricCode: 'tokens',
  draft: {
    dimensions: { model },
    terms: { model: 'PER_UNIT', unitAmount: exact(unitAmount), packageSize: exact(1) },
  },
});

const onCard = (
  id: string,
  model: string,
  unitAmount: string,
  effectiveFrom: Date | null = null,
) => ({
  id,
  dimensions: { model },
  ...perUnit(unitAmount),
  effectiveFrom,
});

test('says what an import adds, changes, leaves and does not name, and plans only what differs', () => {
  const prices = [
    {
      metricId: 'm1',
      rates: [
        onCard('1', 'same', '1.0'),
        onCard('2', 'dearer', '1'),
        onCard('3', 'gone', '3'),
        onCard('4', 'gone', '4', new Date('2026-01-09T00:00:00Z')),
      ],
    },
  ];
  const rates = [wanted('same', '1'), wanted('dearer', '2'), wanted('new', '0.5')];
  expect(diffRates(prices, rates, NOW)).toEqual({
    diff: {
      added: [change('new', null, '0.5')],
      changed: [change('dearer', '1', '2')],
      unchanged: 1,
      missing: [change('gone', '4', null)],
    },
    planned: [
      { metricId: 'm1', ...planned('dearer', '2'), effectiveFrom: NOW },
      { metricId: 'm1', ...planned('new', '0.5'), effectiveFrom: null },
    ],
  });
});

test('plans everything from the beginning of time on a card without prices', () => {
  const { diff, planned } = diffRates([], [wanted('a', '1')], NOW);
  expect(diff).toMatchObject({ changed: [], unchanged: 0, missing: [] });
  expect(planned.map((rate) => rate.effectiveFrom)).toEqual([null]);
});

function change(model: string, before: string | null, after: string | null) {
  const amount = (unitAmount: string | null) => unitAmount && perUnit(unitAmount);
  return { metric: 'tokens', dimensions: { model }, before: amount(before), after: amount(after) };
}

function planned(model: string, unitAmount: string) {
  return { dimensions: { model }, ...perUnit(unitAmount) };
}

function perUnit(unitAmount: string) {
  return { model: 'PER_UNIT', unitAmount, packageSize: '1', terms: null } as const;
}
