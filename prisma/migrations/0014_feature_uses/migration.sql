-- What is used of metered features, counted as usage is recorded.

-- PRICE: what a price goes by. FEATURE: what is used of a feature in a span. SUBJECT: the same by one subject, of
-- whom there may be very many.
CREATE TYPE "counter_kind" AS ENUM ('PRICE', 'FEATURE', 'SUBJECT');
ALTER TABLE "usage_counters" ADD COLUMN "kind" "counter_kind" NOT NULL DEFAULT 'PRICE';
-- None of these columns ever changes, so that updates stay on their page (HOT).
CREATE INDEX "usage_counters_customer_id_kind_period_end_idx"
    ON "usage_counters" ("customer_id", "kind", "period_end");

-- What an event counts for in a counter of a feature now. A value that stands by itself is in usage_readings.
CREATE TABLE "feature_uses" (
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "usage_event_id" UUID NOT NULL,
    "feature_id" UUID NOT NULL,
    "slice" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "quantity" DECIMAL(38,12) NOT NULL,
    -- What was spent, where the counter adds up money, and in what.
    "amount" DECIMAL(38,12) NOT NULL,
    "asset_id" UUID,
    CONSTRAINT "feature_uses_pkey" PRIMARY KEY ("usage_event_id", "customer_id", "feature_id", "slice", "period_start"),
    CONSTRAINT "feature_uses_amount_check" CHECK ("asset_id" IS NOT NULL OR "amount" = 0)
);
