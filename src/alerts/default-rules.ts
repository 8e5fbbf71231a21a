import type { Queryable, Statement } from '../infra/db.ts';
import { newId } from '../kit/ids.ts';

/** The rules that every organization begins with, in percent of what was granted. */
const DEFAULT_PERCENTS = [50, 20, 5] as const;

const INSERT: Statement = {
  name: 'alerts.insert_default_rule',
  text: `INSERT INTO alert_rules (id, organization_id, name, kind, terms, created_at, updated_at)
    VALUES ($1::uuid, $2::uuid, $3, 'BELOW_PERCENT', $4::jsonb, $5::timestamptz, $5::timestamptz)`,
};

/** Gives an organization that is being made the rules that every one begins with. */
export async function insertDefaultRules(
  tx: Queryable,
  organizationId: string,
  now: Date,
): Promise<void> {
  for (const percent of DEFAULT_PERCENTS) {
    const terms = JSON.stringify({ percent: String(percent) });
    await tx.query(INSERT, [newId('alertRule'), organizationId, `Below ${percent} %`, terms, now]);
  }
}
