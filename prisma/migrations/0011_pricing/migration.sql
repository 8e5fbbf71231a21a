-- Pricing models beside the price per unit, and counters of what was used in a period.

CREATE TYPE "pricing_model" AS ENUM ('PER_UNIT', 'GRADUATED', 'VOLUME', 'PERCENTAGE', 'GIVEN', 'FLAT');

ALTER TABLE "rates"
    ADD COLUMN "model" "pricing_model" NOT NULL DEFAULT 'PER_UNIT',
    ADD COLUMN "terms" JSONB,
    ALTER COLUMN "unit_amount" DROP NOT NULL,
    ADD CONSTRAINT "rates_model_check"
        CHECK (("model" = 'PER_UNIT') = ("unit_amount" IS NOT NULL) AND ("model" = 'PER_UNIT') = ("terms" IS NULL));

-- What the counter said before a charge that goes by one: with it the charge can be recomputed.
ALTER TABLE "charges"
    ADD COLUMN "period_start" TIMESTAMPTZ(3),
    ADD COLUMN "counted_before" DECIMAL(38,12),
    ADD COLUMN "charged_before" DECIMAL(38,12);

-- Narrow, with room on each page and no index on a column that changes, so that its updates stay on their
-- page (HOT), as those of wallets do.
CREATE TABLE "usage_counters" (
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "counted_id" UUID NOT NULL,
    "slice" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "period_end" TIMESTAMPTZ(3) NOT NULL,
    "quantity" DECIMAL(38,12) NOT NULL,
    "charged" DECIMAL(38,12) NOT NULL,
    "rate_id" UUID,
    "version" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "usage_counters_pkey" PRIMARY KEY ("customer_id", "counted_id", "period_start", "slice"),
    CONSTRAINT "usage_counters_period_check" CHECK ("period_start" < "period_end")
) WITH (fillfactor = 50);
