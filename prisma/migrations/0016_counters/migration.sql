-- A period may end at the instant at which it began, as one of a subscription may: a plan that is changed at once.
ALTER TABLE "usage_counters" DROP CONSTRAINT "usage_counters_period_check",
    ADD CONSTRAINT "usage_counters_period_check" CHECK ("period_start" <= "period_end");

-- What was charged too much is looked for each minute, without those that a clock standing still makes wait.
ALTER TABLE "usage_counters" ADD COLUMN "test_clock_id" UUID;
UPDATE "usage_counters" u SET "test_clock_id" = c."test_clock_id" FROM "customers" c
    WHERE c."id" = u."customer_id" AND c."test_clock_id" IS NOT NULL;
DROP INDEX "usage_counters_surplus_idx";
CREATE INDEX "usage_counters_surplus_idx" ON "usage_counters" ("period_end")
    WHERE "surplus" > 0 AND "test_clock_id" IS NULL;
CREATE INDEX "usage_counters_surplus_of_clock_idx" ON "usage_counters" ("test_clock_id", "period_end")
    WHERE "surplus" > 0 AND "test_clock_id" IS NOT NULL;
