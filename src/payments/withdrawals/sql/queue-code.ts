import type { Statement } from '../../../infra/db.ts';

/** The task that mails a code, as the queue knows it. */
export const SEND_CODE = 'send_code_mail';

/**
 * The mail with the code of a withdrawal: with its row, in its transaction. The code is sealed, as jobs are kept in a table.
 * Parameters: withdrawal, customer, the sealed code in base64.
 */
export const QUEUE_CODE: Statement = {
  name: 'withdrawals.queue_code',
  text: `SELECT (graphile_worker.add_job('${SEND_CODE}',
    json_build_object('withdrawalId', $1::uuid, 'customerId', $2::uuid, 'sealed', $3::text))).id`,
};
