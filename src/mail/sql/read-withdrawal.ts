import type { Statement } from '../../infra/db.ts';

/** Everything that a mail with a code says besides the code; nothing where it would come to nothing. Parameters: withdrawal, customer. */
export const READ_WITHDRAWAL: Statement = {
  name: 'mail.read_withdrawal',
  text: `SELECT d.amount::text AS amount, d.confirm_by, s.code AS asset, c.email,
      o.name AS organization_name, o.mode, c.test_clock_id IS NOT NULL AS has_test_clock
    FROM withdrawals d
    JOIN customers c ON c.id = d.customer_id
    JOIN assets s ON s.id = d.asset_id
    JOIN organizations o ON o.id = d.organization_id
    WHERE d.id = $1::uuid AND d.customer_id = $2::uuid AND d.status = 'AWAITING_CONFIRMATION'`,
};

export interface WithdrawalRow {
  amount: string;
  confirm_by: Date;
  asset: string;
  email: string | null;
  organization_name: string;
  mode: 'LIVE' | 'TEST';
  /** Whether its time is another than the server's. */
  has_test_clock: boolean;
}
