-- What one asset is worth in another, from an instant on.

CREATE TABLE "exchange_rates" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "from_asset_id" UUID NOT NULL REFERENCES "assets" ("id"),
    "to_asset_id" UUID NOT NULL REFERENCES "assets" ("id"),
    "spend_rate" DECIMAL(38,12),
    "top_up_rate" DECIMAL(38,12),
    "effective_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "exchange_rates_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "exchange_rates_assets_check" CHECK ("from_asset_id" <> "to_asset_id"),
    CONSTRAINT "exchange_rates_rates_check" CHECK (
        ("spend_rate" IS NOT NULL OR "top_up_rate" IS NOT NULL) AND "spend_rate" > 0 AND "top_up_rate" > 0
    )
);
-- An instant has one answer; and the way to it.
CREATE UNIQUE INDEX "exchange_rates_pair_effective_at_key"
    ON "exchange_rates" ("organization_id", "from_asset_id", "to_asset_id", "effective_at");
-- The list of all of them, newest first.
CREATE INDEX "exchange_rates_organization_id_effective_at_id_idx"
    ON "exchange_rates" ("organization_id", "effective_at", "id");

-- What was quoted was quoted by a rate that stays what it was.
CREATE TRIGGER "exchange_rates_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "exchange_rates"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
