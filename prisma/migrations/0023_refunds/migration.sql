-- Money goes back: by refunds, made here or at the provider, and by disputes. What was credited for it is taken back in the
-- same transaction.

ALTER TYPE "payment_mismatch_kind" ADD VALUE 'REFUNDS';

CREATE TABLE "payment_refunds" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    -- The provider's id of it; null until it has made it.
    "ref" TEXT,
    "status" "payment_refund_status" NOT NULL,
    -- Of the payment, in what it was paid in.
    "amount" DECIMAL(38,12) NOT NULL,
    -- In the wallet's asset: what was credited for so much, and given on top of it; how much of both had expired or was voided,
    -- which nobody owes, and how much was spent.
    "credit" DECIMAL(38,12) NOT NULL,
    "bonus" DECIMAL(38,12) NOT NULL,
    "lapsed" DECIMAL(38,12) NOT NULL,
    "shortfall" DECIMAL(38,12) NOT NULL,
    "spent_credit_policy" "spent_credit_policy" NOT NULL,
    -- What was taken of which grant: [[grant, amount], ...].
    "allocations" JSONB NOT NULL,
    "reason" TEXT,
    "failure_code" TEXT,
    "failure_message" TEXT,
    "withdrawal_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "payment_refunds_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "payment_refunds_payment_id_customer_id_fkey"
        FOREIGN KEY ("payment_id", "customer_id") REFERENCES "payments" ("id", "customer_id"),
    CONSTRAINT "payment_refunds_amount_check"
        CHECK ("amount" > 0 AND "credit" >= 0 AND "bonus" >= 0 AND "lapsed" >= 0 AND "shortfall" >= 0
            AND "lapsed" + "shortfall" <= "credit" + "bonus")
);
CREATE UNIQUE INDEX "payment_refunds_payment_id_ref_key" ON "payment_refunds" ("payment_id", "ref");
CREATE INDEX "payment_refunds_payment_id_id_idx" ON "payment_refunds" ("payment_id", "id");

CREATE TABLE "payment_disputes" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    "ref" TEXT NOT NULL,
    "status" "payment_dispute_status" NOT NULL,
    "amount" DECIMAL(38,12) NOT NULL,
    "credit" DECIMAL(38,12) NOT NULL,
    "bonus" DECIMAL(38,12) NOT NULL,
    -- As of a refund once it is lost; zero before.
    "lapsed" DECIMAL(38,12) NOT NULL,
    "shortfall" DECIMAL(38,12) NOT NULL,
    "spent_credit_policy" "spent_credit_policy" NOT NULL,
    "allocations" JSONB NOT NULL,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    CONSTRAINT "payment_disputes_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "payment_disputes_payment_id_customer_id_fkey"
        FOREIGN KEY ("payment_id", "customer_id") REFERENCES "payments" ("id", "customer_id"),
    CONSTRAINT "payment_disputes_amount_check"
        CHECK ("amount" > 0 AND "credit" >= 0 AND "bonus" >= 0 AND "lapsed" >= 0 AND "shortfall" >= 0
            AND "lapsed" + "shortfall" <= "credit" + "bonus"),
    CONSTRAINT "payment_disputes_closed_check" CHECK (("status" = 'OPEN') = ("closed_at" IS NULL))
);
CREATE UNIQUE INDEX "payment_disputes_payment_id_ref_key" ON "payment_disputes" ("payment_id", "ref");
