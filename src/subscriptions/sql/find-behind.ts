import type { Statement } from '../../infra/db.ts';

/**
 * Subscriptions of a plan that are not on a version of it, nor about to be, in the order of their ids.
 * Parameters: organization, plan, the version; those on which version, behind which id, and which of them, each
 * null for all; how many.
 */
export const FIND_BEHIND: Statement = {
  name: 'subscriptions.find_behind',
  text: `SELECT s.id FROM subscriptions s
    WHERE s.organization_id = $1::uuid AND s.plan_id = $2::uuid AND s.status <> 'CANCELED'
      AND coalesce((s.scheduled ->> 'planVersionId')::uuid, s.plan_version_id) <> $3::uuid
      AND ($4::uuid IS NULL OR s.plan_version_id = $4::uuid)
      AND ($5::uuid IS NULL OR s.id > $5::uuid)
      AND ($6::uuid[] IS NULL OR s.id = ANY ($6::uuid[]))
    ORDER BY s.id LIMIT $7::int`,
};
