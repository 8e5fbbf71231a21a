-- A customer takes back what he has paid and not spent: refunds of his payments, which wait until somebody has confirmed them
-- and a hold period is over.

CREATE TYPE "withdrawal_status" AS ENUM (
    'AWAITING_CONFIRMATION', 'HELD', 'PROCESSING', 'PAID', 'PARTLY_PAID', 'FAILED', 'CANCELED', 'EXPIRED'
);

CREATE TABLE "withdrawals" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    -- What was paid in, and how much of that was asked for.
    "asset_id" UUID NOT NULL,
    "amount" DECIMAL(38,12) NOT NULL,
    "status" "withdrawal_status" NOT NULL,
    "reason" TEXT,
    -- Of the code that confirms it nothing but a keyed hash is kept.
    "code_salt" TEXT NOT NULL,
    "code_digest" TEXT NOT NULL,
    "code_mailed" BOOLEAN NOT NULL,
    "wrong_codes" INTEGER NOT NULL DEFAULT 0,
    -- By the time of the customer, as all of the following.
    "confirm_by" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "releases_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    -- When time alone makes another of it.
    "due_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "withdrawals_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "withdrawals_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id"),
    CONSTRAINT "withdrawals_wallet_id_customer_id_fkey"
        FOREIGN KEY ("wallet_id", "customer_id") REFERENCES "wallets" ("id", "customer_id"),
    CONSTRAINT "withdrawals_asset_id_fkey" FOREIGN KEY ("asset_id") REFERENCES "assets" ("id"),
    CONSTRAINT "withdrawals_amount_check" CHECK ("amount" > 0),
    CONSTRAINT "withdrawals_wrong_codes_check" CHECK ("wrong_codes" BETWEEN 0 AND 5),
    CONSTRAINT "withdrawals_due_check"
        CHECK (("status" IN ('AWAITING_CONFIRMATION', 'HELD')) = ("due_at" IS NOT NULL)),
    CONSTRAINT "withdrawals_closed_check"
        CHECK (("status" IN ('AWAITING_CONFIRMATION', 'HELD', 'PROCESSING')) = ("closed_at" IS NULL))
);
CREATE INDEX "withdrawals_organization_id_id_idx" ON "withdrawals" ("organization_id", "id");
CREATE INDEX "withdrawals_customer_id_id_idx" ON "withdrawals" ("customer_id", "id");
CREATE INDEX "withdrawals_due_at_idx" ON "withdrawals" ("due_at") WHERE "due_at" IS NOT NULL;
CREATE INDEX "withdrawals_processing_idx" ON "withdrawals" ("id") WHERE "status" = 'PROCESSING';

ALTER TABLE "payment_refunds"
    -- Its credit is taken, and its withdrawal not released: the provider is not to be asked yet.
    ADD COLUMN "is_withheld" BOOLEAN NOT NULL DEFAULT false,
    ADD CONSTRAINT "payment_refunds_withdrawal_id_customer_id_fkey"
        FOREIGN KEY ("withdrawal_id", "customer_id") REFERENCES "withdrawals" ("id", "customer_id"),
    ADD CONSTRAINT "payment_refunds_withheld_check" CHECK (NOT "is_withheld" OR "withdrawal_id" IS NOT NULL);
CREATE INDEX "payment_refunds_withdrawal_id_idx" ON "payment_refunds" ("withdrawal_id", "id") WHERE "withdrawal_id" IS NOT NULL;
