-- What an organization has said about its payments. No row: all of it as it is by itself.

CREATE TYPE "spent_credit_policy" AS ENUM ('NEGATIVE_BALANCE', 'WRITE_OFF');

CREATE TABLE "payment_settings" (
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "refund_policy" TEXT,
    "spent_credit_policy" "spent_credit_policy" NOT NULL,
    "withdrawal_hold_seconds" INTEGER NOT NULL,
    -- Against fraud; what is not named is as it is by itself.
    "limits" JSONB NOT NULL DEFAULT '{}',
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "payment_settings_pkey" PRIMARY KEY ("organization_id"),
    CONSTRAINT "payment_settings_withdrawal_check" CHECK ("withdrawal_hold_seconds" >= 0)
);
