import type { Statement } from '../../infra/db.ts';

/** What decisions depend on of customers themselves. Parameter: customer ids. */
export const READ_CUSTOMERS: Statement = {
  name: 'entitlements.read_customers',
  text: 'SELECT id, organization_id FROM customers WHERE id = ANY ($1::uuid[])',
};

export interface CustomerRow {
  id: string;
  organization_id: string;
}
