import type { Statement } from '../../../infra/db.ts';

/** That a payment is asked for. Parameters: payment, organization, customer, asset, amount, by a rule, address, card, when. */
export const NOTE_ASKED: Statement = {
  name: 'payments.note_asked',
  text: `INSERT INTO payment_attempts
      (payment_id, key, organization_id, customer_id, asset_id, amount, by_rule, ip_hash, fingerprint_hash, at)
    VALUES ($1::uuid, 'asked', $2::uuid, $3::uuid, $4::uuid, $5::numeric, $6::boolean, $7, $8, $9::timestamptz)
    ON CONFLICT DO NOTHING`,
};

/** A row when a payment was let through. Parameter: payment. */
export const FIND_ASKED: Statement = {
  name: 'payments.find_asked',
  text: `SELECT 1 FROM payment_attempts WHERE payment_id = $1::uuid AND key = 'asked'`,
};

/**
 * What has come of one, once for each key; from where it was asked for is known from before. Parameters: payment, key,
 * organization, customer, asset, amount, by a rule, card, outcome, when.
 */
export const NOTE_OUTCOME: Statement = {
  name: 'payments.note_outcome',
  text: `INSERT INTO payment_attempts
      (payment_id, key, organization_id, customer_id, asset_id, amount, by_rule, ip_hash, fingerprint_hash, outcome, at)
    SELECT $1::uuid, $2, $3::uuid, $4::uuid, $5::uuid, $6::numeric, $7::boolean,
      (SELECT ip_hash FROM payment_attempts WHERE payment_id = $1::uuid AND key = 'asked'),
      $8, $9::payment_attempt_outcome, $10::timestamptz
    ON CONFLICT DO NOTHING`,
};

/** From where a payment is made, unless that was said when it was asked for. Parameters: payment, address. */
export const NOTE_ADDRESS: Statement = {
  name: 'payments.note_address',
  text: `UPDATE payment_attempts SET ip_hash = $2
    WHERE payment_id = $1::uuid AND key = 'asked' AND ip_hash IS NULL`,
};

/** Parameter: before when. */
export const FORGET_ATTEMPTS: Statement = {
  name: 'payments.forget_attempts',
  text: `WITH notices AS (DELETE FROM payment_limit_notices WHERE at < $1::timestamptz)
    DELETE FROM payment_attempts WHERE at < $1::timestamptz`,
};
