-- What a price that may fall has charged too much is given back when its period ends.

ALTER TABLE "usage_counters" ADD COLUMN "surplus" DECIMAL(38,12) NOT NULL DEFAULT 0;
CREATE INDEX "usage_counters_surplus_idx" ON "usage_counters" ("period_end") WHERE "surplus" > 0;
-- An event that was taken back, or the adjustment that gives a surplus back.
ALTER TABLE "charge_corrections" RENAME COLUMN "usage_event_id" TO "cause_id";
