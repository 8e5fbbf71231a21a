-- Test clocks: time for some customers of a TEST organization, which stands still until it is advanced.
CREATE TYPE "test_clock_status" AS ENUM ('READY', 'ADVANCING');

CREATE TABLE "test_clocks" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "name" TEXT NOT NULL,
    "now" TIMESTAMPTZ(3) NOT NULL,
    "status" "test_clock_status" NOT NULL DEFAULT 'READY',
    "target" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),
    CONSTRAINT "test_clocks_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "test_clocks_target_check" CHECK (("status" = 'ADVANCING') = ("target" IS NOT NULL) AND "target" >= "now")
);
CREATE INDEX "test_clocks_organization_id_id_idx" ON "test_clocks" ("organization_id", "id");

-- Whose time it is never changes, so it is copied to what is looked at by itself: whoever holds a wallet or
-- looks for grants that are due need not ask whose it is.
ALTER TABLE "customers" ADD COLUMN "test_clock_id" UUID REFERENCES "test_clocks" ("id");
ALTER TABLE "wallets" ADD COLUMN "test_clock_id" UUID REFERENCES "test_clocks" ("id");
ALTER TABLE "credit_grants" ADD COLUMN "test_clock_id" UUID;
CREATE INDEX "customers_test_clock_id_id_idx" ON "customers" ("test_clock_id", "id") WHERE "test_clock_id" IS NOT NULL;
CREATE INDEX "wallets_test_clock_id_idx" ON "wallets" ("test_clock_id") WHERE "test_clock_id" IS NOT NULL;

-- What is due by the server's time, and what is due by a clock's: a clock that stands still for long leaves
-- grants in the past, which a worker must not read over each second.
DROP INDEX "credit_grants_next_transition_at_idx";
CREATE INDEX "credit_grants_next_transition_at_idx" ON "credit_grants" ("next_transition_at")
    WHERE "next_transition_at" IS NOT NULL AND "test_clock_id" IS NULL;
CREATE INDEX "credit_grants_test_clock_id_next_transition_at_idx" ON "credit_grants" ("test_clock_id", "next_transition_at")
    WHERE "test_clock_id" IS NOT NULL;
