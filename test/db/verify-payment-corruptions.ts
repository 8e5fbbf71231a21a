import type { Corruption } from './verify-corruptions.ts';

/** Ways to spoil what was paid and given back. */
export const PAYMENT_CORRUPTIONS: readonly Corruption[] = [
  {
    what: 'more paid than was credited',
    sql: `UPDATE payments SET paid = paid + 1 WHERE id = :payment`,
    laws: [9],
    says: 'was paid and',
  },
  {
    what: 'less given back than the refunds of a payment say',
    sql: `UPDATE payments SET refunded = 0 WHERE id = :payment`,
    laws: [9],
    says: 'it counts 0 as given back, its refunds add up to 10',
  },
  {
    what: 'a refund that says that it has failed, and keeps the credit',
    sql: `UPDATE payment_refunds SET status = 'FAILED' WHERE id = :refund`,
    laws: [9],
    says: 'it takes nothing that was spent, and says that it does',
  },
  {
    what: 'a refund that says that less was spent',
    sql: `UPDATE payment_refunds SET shortfall = 2 WHERE id = :refund`,
    laws: [9],
    says: 'of 10 it has taken 7, 2 was spent and 0 had lapsed',
  },
  {
    what: 'a loss that nobody has decided to bear',
    sql: `UPDATE payment_refunds SET spent_credit_policy = 'NEGATIVE_BALANCE' WHERE id = :refund`,
    laws: [9],
    says: '3 is booked as lost where 3 was spent, by NEGATIVE_BALANCE',
  },
  {
    what: 'a refund taken away, whose entries are there',
    sql: `DELETE FROM payment_refunds WHERE id = :refund`,
    laws: [4, 9],
    says: 'REFUND: there is no such refund or dispute on this wallet',
  },
  {
    what: 'a refund that goes to revenue',
    sql: `UPDATE ledger_entries SET credit_account = 'REVENUE' WHERE cause = 'REFUND' AND grant_id IS NOT NULL`,
    laws: [4, 9],
    says: 'what goes back is booked to another account',
  },
];
