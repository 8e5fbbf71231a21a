-- What customers have tried to pay, and what came of it: enough to count by, against fraud. Rows are only added, and
-- forgotten after a month.

CREATE TYPE "payment_attempt_outcome" AS ENUM ('FAILED', 'SETTLED');
CREATE TYPE "payment_limit_kind" AS ENUM (
    'CUSTOMER_ATTEMPTS', 'CUSTOMER_FAILURES', 'IP_ATTEMPTS', 'IP_FAILURES', 'CARD_ATTEMPTS', 'CARD_FAILURES',
    'DAILY_AMOUNT', 'FIRST_TOP_UP'
);

CREATE TABLE "payment_attempts" (
    "payment_id" UUID NOT NULL,
    -- One row for that it was asked for, one for each failure, one for its money: what is seen twice is one row.
    "key" TEXT NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "amount" DECIMAL(38,12) NOT NULL,
    -- Whether a rule asked for it, which has caps of its own, and not a person.
    "by_rule" BOOLEAN NOT NULL,
    -- Nobody can tell the address, or the card, from these; they are others in another organization.
    "ip_hash" TEXT,
    "fingerprint_hash" TEXT,
    -- Null: it was asked for.
    "outcome" "payment_attempt_outcome",
    -- By the server's clock, also for customers of test clocks.
    "at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "payment_attempts_pkey" PRIMARY KEY ("payment_id", "key")
);
CREATE INDEX "payment_attempts_customer_id_at_idx" ON "payment_attempts" ("customer_id", "at");
CREATE INDEX "payment_attempts_ip_hash_at_idx" ON "payment_attempts" ("ip_hash", "at") WHERE "ip_hash" IS NOT NULL;
CREATE INDEX "payment_attempts_fingerprint_hash_at_idx" ON "payment_attempts" ("fingerprint_hash", "at")
    WHERE "fingerprint_hash" IS NOT NULL;
CREATE INDEX "payment_attempts_at_idx" ON "payment_attempts" ("at");

-- When it was told last that a limit is reached: what is refused a thousand times is told once an hour.
CREATE TABLE "payment_limit_notices" (
    "organization_id" UUID NOT NULL,
    "limit" "payment_limit_kind" NOT NULL,
    -- The customer, or the hash of the address or the card.
    "subject" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "payment_limit_notices_pkey" PRIMARY KEY ("organization_id", "limit", "subject")
);
CREATE INDEX "payment_limit_notices_at_idx" ON "payment_limit_notices" ("at");

-- What a customer was asked for in a day.
CREATE INDEX "payments_customer_id_created_at_idx" ON "payments" ("customer_id", "created_at");

-- What people recognize a method by, also of one that was not kept.
ALTER TABLE "payments" ADD COLUMN "method_brand" TEXT, ADD COLUMN "method_last4" TEXT;

-- When it is told that a method expires; null: it was told, or it does not.
ALTER TABLE "payment_methods" ADD COLUMN "notice_at" TIMESTAMPTZ(3);
UPDATE "payment_methods"
    SET "notice_at" = make_timestamptz("exp_year", "exp_month", 1, 0, 0, 0, 'UTC') + interval '1 month' - interval '30 days'
    WHERE "exp_year" IS NOT NULL AND "exp_month" IS NOT NULL AND "detached_at" IS NULL;
CREATE INDEX "payment_methods_notice_at_idx" ON "payment_methods" ("notice_at") WHERE "notice_at" IS NOT NULL;
