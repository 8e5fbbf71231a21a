-- Alerts: rules, and what crossed them.

CREATE TYPE "alert_kind" AS ENUM ('BELOW_AMOUNT', 'BELOW_PERCENT', 'DEPLETED', 'RECOVERED', 'BURN_RATE', 'PROJECTED_EMPTY', 'GRANT_EXPIRING');

-- Changes with every change of the rules that hold for all customers of the organization.
ALTER TABLE "organizations" ADD COLUMN "alert_version" BIGINT NOT NULL DEFAULT 1;

-- What a charge compares its wallet with, so that it reads no rule while none is crossed. None of these
-- columns is indexed: a change of them stays within its page.
ALTER TABLE "wallets"
    ADD COLUMN "alert_below" DECIMAL(38,12),
    ADD COLUMN "alert_base" DECIMAL(38,12),
    ADD COLUMN "alert_depleted" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "alert_spend" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "alert_version" BIGINT NOT NULL DEFAULT 0;

CREATE TABLE "alert_rules" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "customer_id" UUID REFERENCES "customers" ("id"),
    "wallet_id" UUID,
    "asset_id" UUID REFERENCES "assets" ("id"),
    "name" TEXT,
    "kind" "alert_kind" NOT NULL,
    "terms" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),
    CONSTRAINT "alert_rules_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "alert_rules_wallet_id_customer_id_fkey"
        FOREIGN KEY ("wallet_id", "customer_id") REFERENCES "wallets" ("id", "customer_id"),
    CONSTRAINT "alert_rules_scope_check" CHECK ("wallet_id" IS NULL OR "customer_id" IS NOT NULL)
);
-- Those of all customers are found under no customer, those of one and of its wallets under the customer.
CREATE INDEX "alert_rules_organization_id_customer_id_idx" ON "alert_rules" ("organization_id", "customer_id");

CREATE TABLE "alerts" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    "rule_id" UUID NOT NULL REFERENCES "alert_rules" ("id"),
    "grant_id" UUID,
    "kind" "alert_kind" NOT NULL,
    "told" BOOLEAN NOT NULL,
    "threshold" DECIMAL(38,12),
    "observed" DECIMAL(38,12) NOT NULL,
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "recovered_at" TIMESTAMPTZ(3),
    CONSTRAINT "alerts_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "alerts_wallet_id_customer_id_fkey"
        FOREIGN KEY ("wallet_id", "customer_id") REFERENCES "wallets" ("id", "customer_id")
);
CREATE INDEX "alerts_wallet_id_id_idx" ON "alerts" ("wallet_id", "id");
CREATE INDEX "alerts_customer_id_id_idx" ON "alerts" ("customer_id", "id");
-- A rule is crossed once until it has recovered, whoever finds it crossed.
CREATE UNIQUE INDEX "alerts_active_key" ON "alerts" ("wallet_id", "rule_id", "customer_id")
    WHERE "recovered_at" IS NULL AND "grant_id" IS NULL;
-- A grant is about to expire once, whatever becomes of it.
CREATE UNIQUE INDEX "alerts_grant_key" ON "alerts" ("grant_id", "rule_id", "customer_id")
    WHERE "grant_id" IS NOT NULL;
-- What may recover by time alone; the worker looks at it.
CREATE INDEX "alerts_timed_idx" ON "alerts" ("kind", "id")
    WHERE "recovered_at" IS NULL AND "kind" IN ('BURN_RATE', 'PROJECTED_EMPTY', 'GRANT_EXPIRING');

-- What a wallet with a rule about its burn rate spent, in steps of five minutes.
CREATE TABLE "alert_spend" (
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    "bucket_start" TIMESTAMPTZ(3) NOT NULL,
    "amount" DECIMAL(38,12) NOT NULL,
    CONSTRAINT "alert_spend_pkey" PRIMARY KEY ("wallet_id", "bucket_start", "customer_id")
) WITH (fillfactor = 70);
CREATE INDEX "alert_spend_bucket_start_idx" ON "alert_spend" USING BRIN ("bucket_start");

-- How far the wallets of an organization have been looked at since its rules for all customers changed.
CREATE TABLE "alert_sweeps" (
    "organization_id" UUID NOT NULL,
    "after_customer_id" UUID,
    CONSTRAINT "alert_sweeps_pkey" PRIMARY KEY ("organization_id")
);

-- The rules that every organization begins with.
INSERT INTO "alert_rules" ("id", "organization_id", "name", "kind", "terms", "created_at", "updated_at")
SELECT gen_random_uuid(), o."id", 'Below ' || p."percent" || ' %', 'BELOW_PERCENT',
    jsonb_build_object('percent', p."percent"), now(), now()
FROM "organizations" o CROSS JOIN (VALUES ('50'), ('20'), ('5')) AS p ("percent");
