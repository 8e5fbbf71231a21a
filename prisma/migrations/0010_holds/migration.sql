-- Holds: value that is set aside before it is spent.
CREATE TYPE "hold_status" AS ENUM ('OPEN', 'CAPTURED', 'RELEASED', 'EXPIRED');

-- A debt repaid by what a hold has let go.
ALTER TYPE "entry_cause" ADD VALUE 'RELEASE';

-- How many holds of the wallet are open, so that nobody looks for those of a wallet that has none; and the last
-- entry that was booked under a former policy, null while the policy is the one it was opened with.
ALTER TABLE "wallets"
    ADD COLUMN "open_holds" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "policy_sequence" BIGINT;

-- Of the wallets that are there it is known where each step of the version has an instant of posting.
UPDATE "wallets" w SET "policy_sequence" = w."last_sequence"
WHERE w."version" <> (
    SELECT count(DISTINCT e."posted_at") FROM "ledger_entries" e
    WHERE e."wallet_id" = w."id" AND e."customer_id" = w."customer_id");

-- On the hot path like events: no foreign keys, which would cost a look-up a row. The laws check them instead.
CREATE TABLE "holds" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    "test_clock_id" UUID,
    "status" "hold_status" NOT NULL,
    "amount" DECIMAL(38,12) NOT NULL,
    "captured" DECIMAL(38,12) NOT NULL DEFAULT 0,
    "allocations" JSONB NOT NULL,
    "overdraft" DECIMAL(38,12) NOT NULL,
    "reservations" JSONB NOT NULL,
    "metric_id" UUID,
    "quantity" DECIMAL(38,12),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "max_captures" INTEGER,
    "captures" INTEGER NOT NULL DEFAULT 0,
    "idempotency_key" TEXT,
    "content" JSONB NOT NULL,
    "description" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_sequence" BIGINT,
    CONSTRAINT "holds_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "holds_amount_check" CHECK ("amount" > 0 AND "captured" >= 0 AND "overdraft" >= 0),
    CONSTRAINT "holds_captures_check" CHECK ("captures" BETWEEN 0 AND coalesce("max_captures", "captures")),
    CONSTRAINT "holds_status_check" CHECK (("status" = 'OPEN') = ("closed_at" IS NULL)
        AND ("status" = 'OPEN') = ("closed_sequence" IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX "holds_customer_id_id_idx" ON "holds" ("customer_id", "id");
-- Unique for ever; most holds of most customers have no key.
CREATE UNIQUE INDEX "holds_customer_id_idempotency_key_key" ON "holds" ("customer_id", "idempotency_key")
    WHERE "idempotency_key" IS NOT NULL;
CREATE INDEX "holds_open_idx" ON "holds" ("wallet_id") WHERE "status" = 'OPEN';
-- What is due by the server's time, and what is due by a test clock's.
CREATE INDEX "holds_expires_at_idx" ON "holds" ("expires_at") WHERE "status" = 'OPEN' AND "test_clock_id" IS NULL;
CREATE INDEX "holds_test_clock_id_expires_at_idx" ON "holds" ("test_clock_id", "expires_at")
    WHERE "status" = 'OPEN' AND "test_clock_id" IS NOT NULL;

-- Which usage events were paid from which hold.
CREATE TABLE "hold_captures" (
    "usage_event_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "hold_id" UUID NOT NULL,
    "capture" INTEGER NOT NULL,
    "amount" DECIMAL(38,12) NOT NULL,
    "late" BOOLEAN NOT NULL,
    "captured_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "hold_captures_pkey" PRIMARY KEY ("usage_event_id", "customer_id"),
    CONSTRAINT "hold_captures_amount_check" CHECK ("amount" >= 0 AND "capture" > 0)
);
CREATE INDEX "hold_captures_hold_id_usage_event_id_idx" ON "hold_captures" ("hold_id", "usage_event_id");
CREATE TRIGGER "hold_captures_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "hold_captures"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
