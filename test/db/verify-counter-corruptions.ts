import type { Corruption } from './verify-corruptions.ts';

/** Ways to spoil what was counted, and what was charged by it. */
export const COUNTER_CORRUPTIONS: readonly Corruption[] = [
  {
    what: 'the tiers of a rate changed after they were charged',
    sql: `UPDATE rates SET terms = jsonb_set(terms, '{tiers,1,unitAmount}', '"0.5"') WHERE model = 'GRADUATED'`,
    laws: [7],
    says: 'charge 0: the amount is 2, recomputed it is 3',
  },
  {
    what: 'what a charge says was used before it',
    sql: `UPDATE charges SET counted_before = 7 WHERE usage_event_id = :talked`,
    laws: [7, 11],
    says: 'no charge had ended at 7, where one began',
  },
  {
    what: "a counter's quantity",
    sql: `UPDATE usage_counters SET quantity = quantity - 1 WHERE customer_id = :eve`,
    laws: [11],
    says: 'the counter says 13, its charges 14',
  },
  {
    what: 'what a counter says was charged',
    sql: `UPDATE usage_counters SET charged = charged + 1 WHERE customer_id = :eve`,
    laws: [11],
    says: 'the counter says that 7 was charged, its charges are 6',
  },
  {
    what: 'a counter taken away',
    sql: `DELETE FROM usage_counters WHERE customer_id = :eve`,
    laws: [11],
    says: 'it was counted, and there is no counter',
  },
  {
    what: 'what an event said of a largest value',
    sql: `UPDATE usage_readings SET value = value + 1 WHERE usage_event_id = :peak`,
    laws: [11],
    says: 'the counter says 4, its events 5',
  },
  {
    what: 'what a correction says was given back',
    sql: `UPDATE charge_corrections SET amount = amount + 1 WHERE cause_id = :back`,
    laws: [5],
    says: '2 was given back, its entries add up to 1',
  },
  {
    what: 'a correction taken away',
    sql: `DELETE FROM usage_corrections WHERE usage_event_id = :back`,
    laws: [4, 5],
    says: 'no such event of that customer was taken back',
  },
];
