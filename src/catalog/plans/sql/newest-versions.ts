import type { Statement } from '../../../infra/db.ts';

export interface NewestVersionRow {
  readonly id: string;
}

/** Of some plans the draft and what was published last: found by the index, without their documents. */
export const NEWEST_VERSIONS: Statement = {
  name: 'plans.newest_versions',
  text: `SELECT DISTINCT ON (plan_id, status) id FROM plan_versions
    WHERE organization_id = $1::uuid AND plan_id = ANY ($2::uuid[])
    ORDER BY plan_id, status, number DESC`,
};
