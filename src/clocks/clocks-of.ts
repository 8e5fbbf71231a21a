import type { Queryable, Statement } from '../infra/db.ts';

const OF_ORGANIZATION: Statement = {
  name: 'clocks.of_organization',
  text: `SELECT id FROM test_clocks WHERE organization_id = $1::uuid AND deleted_at IS NULL
    ORDER BY id`,
};

/** The stored ids of an organization's test clocks, without the deleted ones: mostly none. */
export async function clocksOf(db: Queryable, organizationId: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(OF_ORGANIZATION, [organizationId]);
  return rows.map(({ id }) => id);
}
