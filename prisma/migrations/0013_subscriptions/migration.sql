-- Who has which plan, since when, and what it costs besides usage.

CREATE TYPE "subscription_status" AS ENUM ('PENDING', 'TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED', 'CANCELED');
CREATE TYPE "subscription_charge_kind" AS ENUM ('ONCE', 'RECURRING', 'SEATS', 'PRORATION', 'MINIMUM');

ALTER TYPE "entry_cause" ADD VALUE 'SUBSCRIPTION';
ALTER TYPE "entry_cause" ADD VALUE 'ROLLOVER';

ALTER TABLE "customers" ADD COLUMN "terms_version" BIGINT NOT NULL DEFAULT 0;

CREATE TABLE "subscriptions" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id"),
    "plan_id" UUID NOT NULL REFERENCES "plans" ("id"),
    "plan_version_id" UUID NOT NULL REFERENCES "plan_versions" ("id"),
    "status" "subscription_status" NOT NULL,
    "seats" INTEGER NOT NULL DEFAULT 1,
    "time_zone" TEXT NOT NULL,
    "anchor_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "trial_ends_at" TIMESTAMPTZ(3),
    "trial_end_told_at" TIMESTAMPTZ(3),
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),
    "cancel_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "credited_until" TIMESTAMPTZ(3),
    "prefund_amount" DECIMAL(38,12),
    "scheduled" JSONB,
    "add_ons" JSONB NOT NULL DEFAULT '[]',
    "overrides" JSONB NOT NULL DEFAULT '{}',
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "next_transition_at" TIMESTAMPTZ(3),
    "awaits_wallet_id" UUID,
    "awaits_version" BIGINT,
    "test_clock_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "subscriptions_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "subscriptions_seats_check" CHECK ("seats" >= 1),
    CONSTRAINT "subscriptions_awaits_check" CHECK (("awaits_wallet_id" IS NULL) = ("awaits_version" IS NULL))
);
-- A customer has a plan once at a time.
CREATE UNIQUE INDEX "subscriptions_live_key" ON "subscriptions" ("customer_id", "plan_id")
    WHERE "status" <> 'CANCELED';
CREATE INDEX "subscriptions_customer_id_id_idx" ON "subscriptions" ("customer_id", "id");
CREATE INDEX "subscriptions_organization_id_id_idx" ON "subscriptions" ("organization_id", "id");
CREATE INDEX "subscriptions_next_transition_at_idx" ON "subscriptions" ("next_transition_at")
    WHERE "next_transition_at" IS NOT NULL AND "test_clock_id" IS NULL;
CREATE INDEX "subscriptions_test_clock_id_next_transition_at_idx" ON "subscriptions" ("test_clock_id", "next_transition_at")
    WHERE "test_clock_id" IS NOT NULL;
CREATE INDEX "subscriptions_awaits_wallet_id_idx" ON "subscriptions" ("awaits_wallet_id")
    WHERE "awaits_wallet_id" IS NOT NULL;
CREATE INDEX "subscriptions_plan_version_id_idx" ON "subscriptions" ("plan_version_id");

-- Which version of the plan held when: late usage is priced by the version of its time. The last one has no end.
CREATE TABLE "subscription_terms" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "subscription_id" UUID NOT NULL,
    "plan_version_id" UUID NOT NULL REFERENCES "plan_versions" ("id"),
    "override_rate_card_id" UUID REFERENCES "rate_cards" ("id"),
    "effective_from" TIMESTAMPTZ(3) NOT NULL,
    "effective_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "subscription_terms_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "subscription_terms_subscription_id_customer_id_fkey"
        FOREIGN KEY ("subscription_id", "customer_id") REFERENCES "subscriptions" ("id", "customer_id"),
    CONSTRAINT "subscription_terms_time_check" CHECK ("effective_until" IS NULL OR "effective_until" >= "effective_from")
);
CREATE INDEX "subscription_terms_customer_id_idx" ON "subscription_terms" ("customer_id");

-- The periods that have begun. The unique key is what makes a renewal happen once.
CREATE TABLE "subscription_periods" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "subscription_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "is_trial" BOOLEAN NOT NULL DEFAULT false,
    "closed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "subscription_periods_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "subscription_periods_time_check" CHECK ("ends_at" >= "starts_at")
);
CREATE UNIQUE INDEX "subscription_periods_subscription_id_starts_at_customer_id_key"
    ON "subscription_periods" ("subscription_id", "starts_at", "customer_id");
CREATE INDEX "subscription_periods_customer_id_idx" ON "subscription_periods" ("customer_id");

-- What a subscription costs besides usage; each is the cause of entries of its wallet.
CREATE TABLE "subscription_charges" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "subscription_id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    "kind" "subscription_charge_kind" NOT NULL,
    "code" TEXT NOT NULL,
    "description" TEXT,
    "quantity" DECIMAL(38,12) NOT NULL DEFAULT 1,
    "amount" DECIMAL(38,12) NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "period_end" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "subscription_charges_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "subscription_charges_amount_check" CHECK ("amount" > 0)
);
CREATE INDEX "subscription_charges_subscription_id_id_idx" ON "subscription_charges" ("subscription_id", "id");

-- Which grants a subscription has given, and for which time.
CREATE TABLE "subscription_grants" (
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "subscription_id" UUID NOT NULL,
    "grant_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "rolls_over" BOOLEAN NOT NULL DEFAULT false,
    CONSTRAINT "subscription_grants_pkey" PRIMARY KEY ("grant_id", "customer_id"),
    CONSTRAINT "subscription_grants_subscription_id_customer_id_fkey"
        FOREIGN KEY ("subscription_id", "customer_id") REFERENCES "subscriptions" ("id", "customer_id")
);
CREATE INDEX "subscription_grants_subscription_id_grant_id_idx" ON "subscription_grants" ("subscription_id", "grant_id");
