-- A true-up gives way to usage of its period that comes late: what usage is short of the minimum by now, and up to which
-- entry of its wallet that is known. Null for other charges, for true-ups from before, and, the second, when usage of
-- the period is accepted no longer or all of it was given back.
ALTER TABLE "subscription_charges"
    ADD COLUMN "missing" DECIMAL(38,12),
    ADD COLUMN "looked_until" BIGINT,
    ADD CONSTRAINT "subscription_charges_looked_check" CHECK ("looked_until" IS NULL OR "missing" IS NOT NULL);
CREATE INDEX "subscription_charges_looked_until_idx" ON "subscription_charges" ("id") WHERE "looked_until" IS NOT NULL;
