import type { Statement } from '../../infra/db.ts';

/** Parameters: those from before when, how many at most. */
export const FORGET_DELIVERIES: Statement = {
  name: 'webhooks.forget_deliveries',
  text: `DELETE FROM webhook_deliveries WHERE id IN
      (SELECT id FROM webhook_deliveries WHERE created_at < $1::timestamptz LIMIT $2::int)
    RETURNING 1 AS forgotten`,
};
