import type { Statement } from '../../infra/db.ts';

/**
 * For this transaction only: grouping a million rows in memory instead of on disk, and whatever plan is
 * best for whole tables. Its connection is one of those that otherwise look rows up by key.
 */
export const TAKE_MEANS: Statement = {
  name: 'laws.take_means',
  text: `SELECT set_config('work_mem', '64MB', true), set_config('plan_cache_mode', 'auto', true),
      set_config('enable_seqscan', 'on', true), set_config('enable_hashjoin', 'on', true),
      set_config('enable_mergejoin', 'on', true)`,
};
