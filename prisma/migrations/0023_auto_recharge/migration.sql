-- A wallet that runs low is recharged, if its customer has asked for it.

CREATE TYPE "recharge_period" AS ENUM ('DAY', 'WEEK', 'MONTH');
CREATE TYPE "recharge_status" AS ENUM ('ARMED', 'IN_FLIGHT', 'WAITING', 'CAPPED', 'SUSPENDED', 'DISABLED');

-- The threshold of its rule while that is armed: a charge that leaves less free has to look at the rule.
ALTER TABLE "wallets" ADD COLUMN "recharge_below" DECIMAL(38,12);

CREATE TABLE "auto_recharge_rules" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    -- In the wallet's asset.
    "threshold" DECIMAL(38,12) NOT NULL,
    -- What is paid each time, in `asset_id`; or up to what the wallet is filled, in its own.
    "amount" DECIMAL(38,12),
    "target" DECIMAL(38,12),
    "asset_id" UUID NOT NULL REFERENCES "assets" ("id"),
    "method_id" UUID NOT NULL,
    "expires_after_days" INTEGER,
    -- In `asset_id`.
    "period" "recharge_period" NOT NULL,
    "max_amount" DECIMAL(38,12) NOT NULL,
    "max_count" INTEGER NOT NULL,
    "cooldown_seconds" INTEGER NOT NULL,
    -- How it stands, and when time alone makes another of it.
    "status" "recharge_status" NOT NULL,
    "reason" TEXT,
    "due_at" TIMESTAMPTZ(3),
    "last_started_at" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3),
    -- Which card it is suspended with, and why: another one ends it.
    "suspended_at" TIMESTAMPTZ(3),
    "suspended_reason" TEXT,
    "suspended_method" TEXT,
    "deleted_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "auto_recharge_rules_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "auto_recharge_rules_wallet_id_customer_id_fkey"
        FOREIGN KEY ("wallet_id", "customer_id") REFERENCES "wallets" ("id", "customer_id"),
    CONSTRAINT "auto_recharge_rules_method_id_customer_id_fkey"
        FOREIGN KEY ("method_id", "customer_id") REFERENCES "payment_methods" ("id", "customer_id"),
    CONSTRAINT "auto_recharge_rules_amount_check" CHECK (("amount" IS NULL) <> ("target" IS NULL)
        AND ("amount" IS NULL OR "amount" > 0) AND ("target" IS NULL OR "target" > "threshold")),
    CONSTRAINT "auto_recharge_rules_caps_check" CHECK ("max_amount" > 0 AND "max_count" > 0 AND "cooldown_seconds" >= 0),
    CONSTRAINT "auto_recharge_rules_suspended_check"
        CHECK (("suspended_at" IS NULL) = ("suspended_reason" IS NULL) AND ("suspended_at" IS NULL) = ("suspended_method" IS NULL))
);
-- A wallet has one.
CREATE UNIQUE INDEX "auto_recharge_rules_wallet_id_key" ON "auto_recharge_rules" ("wallet_id") WHERE "deleted_at" IS NULL;
CREATE INDEX "auto_recharge_rules_due_at_idx" ON "auto_recharge_rules" ("due_at")
    WHERE "due_at" IS NOT NULL AND "deleted_at" IS NULL;

-- What was started by a rule: each is a payment. With the caps that it was held against.
CREATE TABLE "auto_recharges" (
    "payment_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    "rule_id" UUID NOT NULL REFERENCES "auto_recharge_rules" ("id"),
    "asset_id" UUID NOT NULL,
    "amount" DECIMAL(38,12) NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "max_amount" DECIMAL(38,12) NOT NULL,
    "max_count" INTEGER NOT NULL,
    -- All three by the customer's time.
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "failed" BOOLEAN NOT NULL DEFAULT false,
    -- Money that came after all.
    "paid_late_at" TIMESTAMPTZ(3),
    CONSTRAINT "auto_recharges_pkey" PRIMARY KEY ("payment_id", "customer_id"),
    CONSTRAINT "auto_recharges_payment_id_customer_id_fkey"
        FOREIGN KEY ("payment_id", "customer_id") REFERENCES "payments" ("id", "customer_id"),
    CONSTRAINT "auto_recharges_ended_check" CHECK ("failed" <= ("ended_at" IS NOT NULL) AND ("paid_late_at" IS NULL OR "failed"))
);
CREATE INDEX "auto_recharges_rule_id_started_at_idx" ON "auto_recharges" ("rule_id", "started_at");
-- One is in flight at a time, whatever happens above.
CREATE UNIQUE INDEX "auto_recharges_in_flight_key" ON "auto_recharges" ("rule_id") WHERE "ended_at" IS NULL;

-- What is promised to a wallet.
CREATE INDEX "payments_authorized_idx" ON "payments" ("customer_id") WHERE "status" = 'AUTHORIZED';
