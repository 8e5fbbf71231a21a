-- The core: organizations and their keys, customers, catalogue, wallets, grants, ledger, usage.

CREATE TYPE "mode" AS ENUM ('LIVE', 'TEST');
CREATE TYPE "asset_kind" AS ENUM ('FIAT', 'CUSTOM');
CREATE TYPE "burn_order" AS ENUM ('PRIORITY', 'FIFO', 'LIFO', 'EXPIRY_FIRST');
CREATE TYPE "aggregation" AS ENUM ('COUNT', 'SUM');
CREATE TYPE "on_empty" AS ENUM ('BLOCK', 'OVERDRAFT', 'THROTTLE', 'ARREARS');
CREATE TYPE "grant_purpose" AS ENUM ('PROMOTIONAL', 'BUNDLED', 'ROLLOVER', 'PAID');
CREATE TYPE "ledger_account" AS ENUM ('WALLET', 'CASH', 'PROMOTIONAL', 'REVENUE', 'BREAKAGE', 'ADJUSTMENT', 'RECEIVABLE', 'REFUND');
CREATE TYPE "entry_cause" AS ENUM ('USAGE', 'GRANT', 'ADJUSTMENT', 'VOID', 'EXPIRY', 'REPAYMENT');
CREATE TYPE "adjustment_reason" AS ENUM ('EXTERNAL_TOPUP', 'GOODWILL', 'CORRECTION', 'CLAWBACK', 'VOID');
CREATE TYPE "api_key_kind" AS ENUM ('SECRET', 'RESTRICTED');

CREATE TABLE "organizations" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "mode" "mode" NOT NULL,
    "catalogue_version" BIGINT NOT NULL DEFAULT 0,
    "settlement_window_seconds" INTEGER NOT NULL DEFAULT 21600,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "organizations_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "organizations_settlement_window_check" CHECK ("settlement_window_seconds" >= 0)
);
CREATE UNIQUE INDEX "organizations_name_key" ON "organizations" ("name");

CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "kind" "api_key_kind" NOT NULL,
    "name" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "api_keys_secret_hash_key" ON "api_keys" ("secret_hash");
CREATE INDEX "api_keys_organization_id_idx" ON "api_keys" ("organization_id");

CREATE TABLE "token_signing_keys" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "public_jwk" JSONB NOT NULL,
    "private_jwk" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "token_signing_keys_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "token_signing_keys_organization_id_idx" ON "token_signing_keys" ("organization_id");

CREATE TABLE "idempotency_keys" (
    "organization_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "result" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("organization_id", "key")
);
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys" ("created_at");

CREATE TABLE "customers" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "external_id" TEXT NOT NULL,
    "name" TEXT,
    "email" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "customers_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "customers_organization_id_external_id_key" ON "customers" ("organization_id", "external_id");
CREATE INDEX "customers_organization_id_id_idx" ON "customers" ("organization_id", "id");

CREATE TABLE "assets" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "asset_kind" NOT NULL,
    "scale" SMALLINT NOT NULL,
    "minor_units" SMALLINT NOT NULL,
    "burn_order" "burn_order" NOT NULL DEFAULT 'PRIORITY',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "assets_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "assets_scale_check" CHECK ("scale" BETWEEN 0 AND 12 AND "minor_units" BETWEEN 0 AND "scale")
);
CREATE UNIQUE INDEX "assets_organization_id_code_key" ON "assets" ("organization_id", "code");

CREATE TABLE "billable_metrics" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "aggregation" "aggregation" NOT NULL,
    "property" TEXT,
    "filter" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "billable_metrics_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "billable_metrics_property_check" CHECK (("aggregation" = 'COUNT') = ("property" IS NULL))
);
CREATE UNIQUE INDEX "billable_metrics_organization_id_code_key" ON "billable_metrics" ("organization_id", "code");

CREATE TABLE "rate_cards" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "rate_cards_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "rate_cards_organization_id_code_key" ON "rate_cards" ("organization_id", "code");

CREATE TABLE "prices" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "rate_card_id" UUID NOT NULL REFERENCES "rate_cards" ("id"),
    "metric_id" UUID NOT NULL REFERENCES "billable_metrics" ("id"),
    "asset_id" UUID NOT NULL REFERENCES "assets" ("id"),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "prices_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "prices_rate_card_id_metric_id_asset_id_key" ON "prices" ("rate_card_id", "metric_id", "asset_id");

CREATE TABLE "rates" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "price_id" UUID NOT NULL REFERENCES "prices" ("id"),
    "dimensions" JSONB NOT NULL DEFAULT '{}',
    "unit_amount" DECIMAL(38,12) NOT NULL,
    "package_size" DECIMAL(38,12) NOT NULL DEFAULT 1,
    "effective_from" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "rates_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "rates_amount_check" CHECK ("unit_amount" >= 0 AND "package_size" > 0)
);
CREATE INDEX "rates_price_id_idx" ON "rates" ("price_id");
-- One rate per dimensions and start; "from the beginning" (null) exists once too.
CREATE UNIQUE INDEX "rates_price_id_dimensions_effective_from_key"
    ON "rates" ("price_id", "dimensions", "effective_from") NULLS NOT DISTINCT;

-- The mutex of a customer's money. Narrow, with room on each page and no index on a column that
-- changes, so that its updates stay on their page (HOT).
CREATE TABLE "wallets" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id"),
    "asset_id" UUID NOT NULL REFERENCES "assets" ("id"),
    "name" TEXT NOT NULL DEFAULT 'default',
    "on_empty" "on_empty" NOT NULL DEFAULT 'BLOCK',
    "overdraft_limit" DECIMAL(38,12) NOT NULL DEFAULT 0,
    "version" BIGINT NOT NULL DEFAULT 0,
    "last_sequence" BIGINT NOT NULL DEFAULT 0,
    "balance" DECIMAL(38,12) NOT NULL DEFAULT 0,
    "debt" DECIMAL(38,12) NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "wallets_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "wallets_debt_check" CHECK ("debt" >= 0),
    CONSTRAINT "wallets_overdraft_limit_check" CHECK ("overdraft_limit" >= 0)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX "wallets_customer_id_asset_id_name_key" ON "wallets" ("customer_id", "asset_id", "name");

CREATE TABLE "credit_grants" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "customer_id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    "amount" DECIMAL(38,12) NOT NULL,
    "remaining" DECIMAL(38,12) NOT NULL,
    "source_account" "ledger_account" NOT NULL,
    "purpose" "grant_purpose" NOT NULL,
    "priority" SMALLINT NOT NULL DEFAULT 50,
    "cost_basis" DECIMAL(38,12),
    "effective_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "scope_metrics" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "description" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "open" BOOLEAN NOT NULL DEFAULT true,
    "next_transition_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "credit_grants_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "credit_grants_wallet_id_customer_id_fkey"
        FOREIGN KEY ("wallet_id", "customer_id") REFERENCES "wallets" ("id", "customer_id"),
    CONSTRAINT "credit_grants_remaining_check" CHECK ("amount" > 0 AND "remaining" BETWEEN 0 AND "amount"),
    CONSTRAINT "credit_grants_priority_check" CHECK ("priority" BETWEEN 0 AND 100),
    CONSTRAINT "credit_grants_time_check" CHECK ("effective_at" IS NULL OR "expires_at" IS NULL OR "effective_at" < "expires_at")
) WITH (fillfactor = 70);
-- A charge reads the open grants only; drawing one down changes no indexed column.
CREATE INDEX "credit_grants_open_idx" ON "credit_grants" ("wallet_id") WHERE "open";
CREATE INDEX "credit_grants_wallet_id_id_idx" ON "credit_grants" ("wallet_id", "id");
CREATE INDEX "credit_grants_next_transition_at_idx" ON "credit_grants" ("next_transition_at")
    WHERE "next_transition_at" IS NOT NULL;

CREATE TABLE "adjustments" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id"),
    "wallet_id" UUID NOT NULL,
    "transaction_id" TEXT,
    "content_hash" BYTEA,
    "amount" DECIMAL(38,12) NOT NULL,
    "reason" "adjustment_reason" NOT NULL,
    "description" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "grant_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "adjustments_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "adjustments_amount_check" CHECK ("amount" <> 0)
);
CREATE UNIQUE INDEX "adjustments_customer_id_transaction_id_key" ON "adjustments" ("customer_id", "transaction_id");

-- Append-only from here on: no foreign keys, no secondary index that an insert would pay for.
CREATE TABLE "ledger_entries" (
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "debit_account" "ledger_account" NOT NULL,
    "credit_account" "ledger_account" NOT NULL,
    "amount" DECIMAL(38,12) NOT NULL,
    "grant_id" UUID,
    "cause" "entry_cause" NOT NULL,
    "cause_id" UUID NOT NULL,
    "charge_ordinal" SMALLINT,
    "balance_after" DECIMAL(38,12) NOT NULL,
    "posted_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "ledger_entries_pkey" PRIMARY KEY ("wallet_id", "sequence", "customer_id"),
    CONSTRAINT "ledger_entries_amount_check" CHECK ("amount" > 0),
    CONSTRAINT "ledger_entries_accounts_check" CHECK (("debit_account" = 'WALLET') <> ("credit_account" = 'WALLET'))
);

CREATE TABLE "usage_events" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "event_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "subject" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "properties" JSONB NOT NULL,
    "content_hash" BYTEA NOT NULL,
    CONSTRAINT "usage_events_pkey" PRIMARY KEY ("id", "customer_id")
);
CREATE UNIQUE INDEX "usage_events_customer_id_event_id_key" ON "usage_events" ("customer_id", "event_id");
CREATE INDEX "usage_events_received_at_idx" ON "usage_events" USING BRIN ("received_at");

CREATE TABLE "charges" (
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "usage_event_id" UUID NOT NULL,
    "ordinal" SMALLINT NOT NULL,
    "wallet_id" UUID,
    "metric_id" UUID NOT NULL,
    "rate_id" UUID NOT NULL,
    "quantity" DECIMAL(38,12) NOT NULL,
    "amount" DECIMAL(38,12) NOT NULL,
    "first_sequence" BIGINT NOT NULL,
    "entry_count" INTEGER NOT NULL,
    CONSTRAINT "charges_pkey" PRIMARY KEY ("usage_event_id", "ordinal", "customer_id"),
    CONSTRAINT "charges_amount_check" CHECK ("quantity" > 0 AND "amount" >= 0)
);

-- An entry and a charge are facts: nothing may change or remove one.
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER "ledger_entries_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_entries"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "charges_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "charges"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
