/** One way to spoil the books, and who must notice. */
export interface Corruption {
  readonly what: string;
  /** `:name` stands for the stored id of that name in the books. */
  readonly sql: string;
  /** Every law that must notice, and no other. */
  readonly laws: readonly number[];
  /** What one of their violations says. */
  readonly says: string;
}

const FIRST_USAGE = `cause_id = :event AND grant_id = :scoped`;

export const CORRUPTIONS: readonly Corruption[] = [
  {
    what: "an entry's amount",
    sql: `UPDATE ledger_entries SET amount = amount + 1 WHERE ${FIRST_USAGE}`,
    laws: [1, 2, 5, 6, 8],
    says: 'the balance after entry 3 is 10, it should be 9',
  },
  {
    what: 'an entry taken out of the middle',
    sql: `DELETE FROM ledger_entries WHERE ${FIRST_USAGE}`,
    laws: [1, 2, 5, 6, 8],
    says: 'entry 4 follows where 3 is expected',
  },
  {
    what: 'the last entry of a wallet taken away',
    sql: `DELETE FROM ledger_entries e USING wallets w WHERE w.id = e.wallet_id AND w.id = :walletId
      AND e.sequence = w.last_sequence`,
    laws: [1, 2, 8],
    says: 'its last sequence is stored as 15, its last entry is 14',
  },
  {
    what: "an entry's account",
    sql: `UPDATE ledger_entries SET credit_account = 'CASH' WHERE ${FIRST_USAGE}`,
    laws: [4],
    says: 'entry 3, USAGE: usage goes to revenue',
  },
  {
    what: 'an entry of which both sides are the wallet',
    sql: `ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_accounts_check;
      UPDATE ledger_entries SET credit_account = 'WALLET' WHERE ${FIRST_USAGE}`,
    laws: [1, 2, 4, 5, 6, 8],
    says: 'entry 3 moves 3 from WALLET to WALLET; exactly one side must be the wallet, and the amount above zero',
  },
  {
    what: "an entry's balance after",
    sql: `UPDATE ledger_entries SET balance_after = balance_after + 1 WHERE ${FIRST_USAGE}`,
    laws: [8],
    says: 'the balance after entry 3 is 11, it should be 10',
  },
  {
    what: "an entry's grant",
    sql: `UPDATE ledger_entries SET grant_id = :paid WHERE ${FIRST_USAGE}`,
    laws: [2, 4, 6],
    says: 'charge 1 is applied 2 times to grant',
  },
  {
    what: "an entry's customer",
    sql: `UPDATE ledger_entries SET customer_id = gen_random_uuid() WHERE ${FIRST_USAGE}`,
    laws: [1, 2, 4, 5, 6, 8],
    says: 'entry 3, USAGE: there is no such event of that customer',
  },
  {
    what: "a wallet's balance",
    sql: `UPDATE wallets SET balance = balance + 0.000001 WHERE id = :walletId`,
    laws: [1, 2],
    says: 'the stored balance is 8.500001, its entries add up to 8.5',
  },
  {
    what: "a wallet's debt",
    sql: `UPDATE wallets SET debt = debt + 1 WHERE id = :walletId`,
    laws: [2],
    says: 'the stored debt is 1, its entries without a grant add up to 0',
  },
  {
    what: "a wallet's last sequence",
    sql: `UPDATE wallets SET last_sequence = last_sequence + 1 WHERE id = :walletId`,
    laws: [8],
    says: 'its last sequence is stored as 16, its last entry is 15',
  },
  {
    what: "a wallet's version",
    sql: `UPDATE wallets SET version = 1 WHERE id = :walletId`,
    laws: [8],
    says: 'its version is 1 after 6 postings',
  },
  {
    what: 'a wallet taken away',
    sql: `DELETE FROM wallets WHERE id = :walletId`,
    laws: [1, 2],
    says: 'has entries, but there is no such wallet of that customer',
  },
  {
    what: 'a debt that the policy does not allow, booked in every detail',
    sql: `INSERT INTO adjustments SELECT gen_random_uuid(), organization_id, customer_id, id, 'forged', NULL,
        -20, 'CORRECTION', NULL, '{}', NULL, now() FROM wallets WHERE id = :cleoWallet;
      INSERT INTO ledger_entries SELECT w.organization_id, w.customer_id, w.id, w.last_sequence + 1, 'WALLET',
        'ADJUSTMENT', 20, NULL, 'ADJUSTMENT', a.id, NULL, w.balance - 20, now()
        FROM wallets w JOIN adjustments a ON a.wallet_id = w.id AND a.transaction_id = 'forged';
      UPDATE wallets SET balance = balance - 20, debt = debt + 20, version = version + 1,
        last_sequence = last_sequence + 1 WHERE id = :cleoWallet`,
    laws: [3],
    says: 'entry 3 takes the debt to 20, BLOCK allows 0',
  },
  {
    what: "a grant's remainder",
    sql: `UPDATE credit_grants SET remaining = remaining - 1 WHERE id = :second`,
    laws: [2],
    says: 'the balance is 9, its grants hold 8 and its debt is 0',
  },
  {
    what: "a grant's amount",
    sql: `UPDATE credit_grants SET amount = amount + 1 WHERE id = :second`,
    laws: [5],
    says: 'is of 6, its entries booked 5',
  },
  {
    what: 'a grant taken away',
    sql: `DELETE FROM credit_grants WHERE id = :second`,
    laws: [2, 4],
    says: 'entry 2, GRANT: there is no such grant of that customer',
  },
  {
    what: 'a grant without entries',
    sql: `INSERT INTO credit_grants SELECT (jsonb_populate_record(g, jsonb_build_object('id', gen_random_uuid(),
        'remaining', 0))).* FROM credit_grants g WHERE id = :second`,
    laws: [5],
    says: 'is of 5, its entries booked 0',
  },
  {
    what: 'a grant booked twice, in every detail',
    sql: `INSERT INTO ledger_entries SELECT w.organization_id, w.customer_id, w.id, w.last_sequence + 1, 'CASH',
        'WALLET', 5, :second, 'GRANT', :second, NULL, w.balance + 5, now()
        FROM wallets w JOIN credit_grants g ON g.wallet_id = w.id AND g.id = :second;
      ALTER TABLE credit_grants DROP CONSTRAINT credit_grants_remaining_check;
      UPDATE wallets SET balance = balance + 5, version = version + 1, last_sequence = last_sequence + 1
        WHERE id = (SELECT wallet_id FROM credit_grants WHERE id = :second);
      UPDATE credit_grants SET remaining = remaining + 5 WHERE id = :second`,
    laws: [4, 5, 6],
    says: 'is applied 2 times to grant',
  },
  {
    what: 'a grant that became effective after it was drawn',
    sql: `UPDATE credit_grants SET effective_at = now() WHERE id = :paid`,
    laws: [6],
    says: 'draws it before it was effective',
  },
  {
    what: 'a grant that expired before it was drawn',
    sql: `UPDATE credit_grants SET expires_at = created_at + interval '1 millisecond' WHERE id = :paid`,
    laws: [6],
    says: 'draws it after it expired',
  },
  {
    what: 'a draw for late usage after the longest settlement window',
    sql: `UPDATE ledger_entries SET posted_at = posted_at + interval '40 days' WHERE cause_id = :late`,
    laws: [6],
    says: 'draws it after the longest settlement window',
  },
  {
    what: 'an expiry booked before its time',
    sql: `UPDATE ledger_entries SET posted_at = posted_at - interval '3 days' WHERE cause = 'EXPIRY'`,
    laws: [6],
    says: 'books it to breakage before it expired',
  },
  {
    what: "a grant's scope, other than what it paid for",
    sql: `UPDATE credit_grants SET scope_metrics = '{calls}' WHERE id = :scoped`,
    laws: [6],
    says: 'draws it for tokens, which it is not for',
  },
  {
    what: 'a grant that should have been drawn before another',
    sql: `UPDATE credit_grants SET priority = 0 WHERE id = :second`,
    laws: [6],
    says: 'from entry 3 on it drew 1 of',
  },
  {
    what: "a charge's amount",
    sql: `UPDATE charges SET amount = amount + 1 WHERE usage_event_id = :event AND ordinal = 1`,
    laws: [5, 7],
    says: 'charge 1: the amount is 5, recomputed it is 4',
  },
  {
    what: "a charge's quantity",
    sql: `UPDATE charges SET quantity = quantity + 1 WHERE usage_event_id = :event AND ordinal = 1`,
    laws: [7],
    says: 'charge 1: the quantity is 9, recomputed it is 8',
  },
  {
    what: "a charge's run of entries",
    sql: `UPDATE charges SET first_sequence = first_sequence + 1 WHERE usage_event_id = :event AND ordinal = 1`,
    laws: [5],
    says: 'charge 1: its entries are 3 to 4 instead of 2 of them from 4',
  },
  {
    what: 'a paid charge taken away',
    sql: `DELETE FROM charges WHERE usage_event_id = :event AND ordinal = 1`,
    laws: [4, 6],
    says: 'entry 3, USAGE: there is no such charge on this wallet',
  },
  {
    what: 'a free charge taken away before another',
    sql: `DELETE FROM charges WHERE usage_event_id = :event AND ordinal = 0`,
    laws: [5],
    says: 'charge 1: an earlier charge of the event is missing',
  },
  {
    what: 'an event property that has a price',
    sql: `UPDATE usage_events SET properties = properties || '{"tokens": 9}' WHERE id = :event`,
    laws: [7],
    says: 'the stored event differs from the one that was sent',
  },
  {
    what: 'an event property that has none',
    sql: `UPDATE usage_events SET properties = properties || '{"note": "m"}' WHERE id = :event`,
    laws: [7],
    says: 'the stored event differs from the one that was sent',
  },
  {
    what: "an event's time",
    sql: `UPDATE usage_events SET occurred_at = occurred_at - interval '1 second' WHERE id = :late`,
    laws: [7],
    says: 'the stored event differs from the one that was sent',
  },
  {
    what: 'an event taken away',
    sql: `DELETE FROM usage_events WHERE id = :event`,
    laws: [4, 5],
    says: 'charge 0: belongs to no event of that customer',
  },
  {
    what: 'a rate changed after it was charged',
    sql: `UPDATE rates SET unit_amount = unit_amount * 2`,
    laws: [7],
    says: 'charge 1: the amount is 4, recomputed it is 8',
  },
  {
    what: "a rate's dimensions",
    sql: `UPDATE rates SET dimensions = '{"model": "small"}' WHERE dimensions <> '{}'`,
    laws: [7],
    says: 'charge 1: the event cannot be priced at its rate (PriceNotFound)',
  },
  {
    what: 'an adjustment taken away',
    sql: `DELETE FROM adjustments WHERE id = :debit`,
    laws: [4],
    says: 'entry 11, ADJUSTMENT: there is no such adjustment of this wallet',
  },
  {
    what: "an adjustment's amount",
    sql: `UPDATE adjustments SET amount = amount - 1 WHERE id = :debit`,
    laws: [5],
    says: 'is of -2.5, its entries add up to -1.5',
  },
  {
    what: 'a void of another grant',
    sql: `UPDATE adjustments SET grant_id = :paid WHERE id = :adjustmentId`,
    laws: [4],
    says: 'entry 12, VOID: the adjustment is of another grant',
  },
  {
    what: 'a repayment that does not pass through the receivable account',
    sql: `UPDATE ledger_entries SET debit_account = 'CASH' WHERE cause = 'REPAYMENT' AND grant_id IS NULL`,
    laws: [4],
    says: 'entry 9, REPAYMENT: a repayment passes through the receivable account',
  },
  {
    what: 'a run of events taken out of the middle of the log',
    sql: `DELETE FROM event_runs WHERE position = (SELECT min(position) FROM event_runs WHERE sequence > 5)`,
    laws: [8],
    says: 'is expected',
  },
  {
    what: 'the last run of events taken away',
    sql: `DELETE FROM event_runs WHERE position = (SELECT max(position) FROM event_runs)`,
    laws: [8],
    says: 'its event log ends at',
  },
  {
    what: 'an event taken out of its run',
    sql: `UPDATE event_runs SET events = '[]' WHERE position = (SELECT max(position) FROM event_runs)`,
    laws: [8],
    says: 'and has 0',
  },
];
