import type { Statement } from '../../infra/db.ts';

/**
 * Changes of one organization's catalogue wait for each other here, so that its versions are in the order
 * of the commits. NO KEY: rows that only refer to the organization are not held up.
 */
export const LOCK_CATALOGUE: Statement = {
  name: 'catalog.lock',
  text: 'SELECT 1 FROM organizations WHERE id = $1::uuid FOR NO KEY UPDATE',
};

/** Tells every process, when it next looks, that its cached catalogue is old. */
export const BUMP_CATALOGUE: Statement = {
  name: 'catalog.bump',
  text: `UPDATE organizations SET catalogue_version = catalogue_version + 1 WHERE id = $1::uuid
    RETURNING catalogue_version::text AS version`,
};

export const READ_CATALOGUE_VERSION: Statement = {
  name: 'catalog.version',
  text: 'SELECT catalogue_version::text AS version FROM organizations WHERE id = $1::uuid',
};
