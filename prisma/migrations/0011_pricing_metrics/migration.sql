-- Metrics that count more than single events do, conversion of units, and usage that is taken back.

ALTER TYPE "aggregation" ADD VALUE 'MAX';
ALTER TYPE "aggregation" ADD VALUE 'UNIQUE';
ALTER TYPE "aggregation" ADD VALUE 'LATEST';
ALTER TYPE "aggregation" ADD VALUE 'TIME_WEIGHTED_SUM';
ALTER TYPE "entry_cause" ADD VALUE 'CORRECTION';

ALTER TABLE "billable_metrics" ADD COLUMN "conversion" JSONB;

-- A value that falls counts less than nothing, and costs nothing.
ALTER TABLE "charges" DROP CONSTRAINT "charges_amount_check",
    ADD CONSTRAINT "charges_amount_check"
        CHECK ("amount" >= 0 AND ("quantity" > 0 OR "quantity" < 0 AND "period_start" IS NOT NULL));

CREATE TABLE "usage_readings" (
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "counted_id" UUID NOT NULL,
    "slice" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "rank" BIGINT NOT NULL,
    "value" DECIMAL(38,12) NOT NULL,
    "key" TEXT,
    "usage_event_id" UUID NOT NULL,
    CONSTRAINT "usage_readings_pkey" PRIMARY KEY ("customer_id", "counted_id", "period_start", "slice", "occurred_at", "rank")
);
CREATE INDEX "usage_readings_key_idx" ON "usage_readings" ("customer_id", "counted_id", "period_start", "slice", "key")
    WHERE "key" IS NOT NULL;
CREATE INDEX "usage_readings_usage_event_id_idx" ON "usage_readings" ("usage_event_id");

-- An event is taken back once.
CREATE TABLE "usage_corrections" (
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "usage_event_id" UUID NOT NULL,
    "description" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "usage_corrections_pkey" PRIMARY KEY ("usage_event_id", "customer_id")
);

CREATE TABLE "charge_corrections" (
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "usage_event_id" UUID NOT NULL,
    "ordinal" SMALLINT NOT NULL,
    "wallet_id" UUID,
    "counted_id" UUID,
    "slice" TEXT,
    "period_start" TIMESTAMPTZ(3),
    "quantity" DECIMAL(38,12) NOT NULL,
    "amount" DECIMAL(38,12) NOT NULL,
    CONSTRAINT "charge_corrections_pkey" PRIMARY KEY ("usage_event_id", "ordinal", "customer_id"),
    CONSTRAINT "charge_corrections_amount_check" CHECK ("amount" >= 0)
);
CREATE INDEX "charge_corrections_counter_idx" ON "charge_corrections" ("customer_id", "counted_id", "period_start", "slice")
    WHERE "counted_id" IS NOT NULL;
CREATE TRIGGER "usage_corrections_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "usage_corrections"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "charge_corrections_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "charge_corrections"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
