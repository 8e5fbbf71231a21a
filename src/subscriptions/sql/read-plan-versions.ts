import type { Statement } from '../../infra/db.ts';

/** What versions of plans say. Parameter: their ids. */
export const READ_PLAN_VERSIONS: Statement = {
  name: 'subscriptions.read_plan_versions',
  text: 'SELECT id, definition FROM plan_versions WHERE id = ANY ($1::uuid[])',
};

export interface PlanVersionRow {
  id: string;
  definition: unknown;
}
