import type { Queryable, Statement } from '../infra/db.ts';
import type { Endpoint } from './endpoint.ts';

const FIND: Statement = {
  name: 'webhooks.find_endpoint',
  text: `SELECT id::text AS id, organization_id::text AS "organizationId", url, types, secret,
      previous_secret AS "previousSecret", previous_secret_until AS "previousSecretUntil",
      position::text AS position, replay_position::text AS "replayPosition",
      replay_until::text AS "replayUntil", failed_attempts AS "failedAttempts", retry_at AS "retryAt",
      disabled_at AS "disabledAt"
    FROM webhook_endpoints WHERE id = $1::uuid`,
};

type Row = Omit<Endpoint, 'position' | 'replayPosition' | 'replayUntil'> & {
  readonly position: string;
  readonly replayPosition: string | null;
  readonly replayUntil: string | null;
};

/** An endpoint as it is now; null when it was deleted. For whoever delivers: it asks nobody who he is. */
export async function findEndpoint(db: Queryable, endpointId: string): Promise<Endpoint | null> {
  const [row] = await db.query<Row>(FIND, [endpointId]);
  if (!row) return null;
  const { position, replayPosition, replayUntil } = row;
  return {
    ...row,
    position: Number(position),
    replayPosition: replayPosition === null ? null : Number(replayPosition),
    replayUntil: replayUntil === null ? null : Number(replayUntil),
  };
}
