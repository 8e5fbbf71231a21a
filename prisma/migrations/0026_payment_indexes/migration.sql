-- A card that may have been charged, of which its provider has never said.
ALTER TYPE "payment_mismatch_kind" ADD VALUE 'CHARGE_UNKNOWN';
-- What was noted of an object before, open or seen to.
CREATE INDEX "payment_mismatches_provider_id_ref_idx" ON "payment_mismatches" ("provider_id", "ref");
-- What is for people to look at, among all that was.
CREATE INDEX "payment_mismatches_open_idx" ON "payment_mismatches" ("organization_id", "id") WHERE "resolved_at" IS NULL;
CREATE INDEX "payments_organization_id_status_id_idx" ON "payments" ("organization_id", "status", "id");
-- What has expired or was voided of the grants of one payment: a wallet has millions of entries, and few of these.
CREATE INDEX "ledger_entries_lapsed_idx" ON "ledger_entries" ("grant_id") WHERE "cause" IN ('EXPIRY', 'VOID');
-- What a wallet was recharged with counts for it, whatever its rule was: one that is made anew is not a way around its caps.
DROP INDEX "auto_recharges_rule_id_started_at_idx";
DROP INDEX "auto_recharges_in_flight_key";
CREATE INDEX "auto_recharges_wallet_id_started_at_idx" ON "auto_recharges" ("wallet_id", "started_at");
CREATE UNIQUE INDEX "auto_recharges_in_flight_key" ON "auto_recharges" ("wallet_id") WHERE "ended_at" IS NULL;
-- Nothing asks for it: each event has a job.
DROP INDEX "payment_events_open_idx";
