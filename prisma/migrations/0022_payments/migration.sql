-- Money comes in: through providers, as payments, which become credit once the provider says that they are there.

CREATE TYPE "payment_provider_kind" AS ENUM ('SANDBOX', 'STRIPE', 'CRYPTO', 'ONCHAIN', 'MANUAL');
CREATE TYPE "payment_origin" AS ENUM ('TOP_UP', 'AUTO_RECHARGE', 'PAYMENT_LINK');
CREATE TYPE "payment_status" AS ENUM ('PENDING', 'AUTHORIZED', 'SETTLED', 'FAILED', 'CANCELED', 'EXPIRED');
CREATE TYPE "payment_refund_status" AS ENUM ('PENDING', 'SUCCEEDED', 'FAILED');
CREATE TYPE "payment_dispute_status" AS ENUM ('OPEN', 'WON', 'LOST');
CREATE TYPE "payment_mismatch_kind" AS ENUM ('AMOUNT', 'CURRENCY', 'UNKNOWN_PAYMENT', 'NOT_PAID');
CREATE TYPE "payment_event_outcome" AS ENUM ('APPLIED', 'NOTHING_NEW', 'UNKNOWN_PAYMENT', 'IGNORED');

-- A top-up, and what is taken back of it.
ALTER TYPE "entry_cause" ADD VALUE 'TOP_UP';
ALTER TYPE "entry_cause" ADD VALUE 'REFUND';
ALTER TYPE "entry_cause" ADD VALUE 'DISPUTE';

CREATE TABLE "payment_providers" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "code" TEXT NOT NULL,
    "kind" "payment_provider_kind" NOT NULL,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "secrets" BYTEA,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "next_index" BIGINT NOT NULL DEFAULT 0,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "payment_providers_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "payment_providers_organization_id_code_key" ON "payment_providers" ("organization_id", "code");
CREATE INDEX "payment_providers_kind_idx" ON "payment_providers" ("kind");
-- An organization has one that is asked when none is named.
CREATE UNIQUE INDEX "payment_providers_default_key" ON "payment_providers" ("organization_id") WHERE "is_default";

-- What the providers that are part of the product keep of their objects.
CREATE TABLE "payment_provider_records" (
    "provider_id" UUID NOT NULL REFERENCES "payment_providers" ("id"),
    "ref" TEXT NOT NULL,
    "record" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "payment_provider_records_pkey" PRIMARY KEY ("provider_id", "ref")
);

-- How customers pay: tokens of a provider, and what they are recognized by.
CREATE TABLE "payment_methods" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id"),
    "provider_id" UUID NOT NULL REFERENCES "payment_providers" ("id"),
    "token" TEXT NOT NULL,
    "brand" TEXT NOT NULL,
    "last4" TEXT,
    "exp_month" SMALLINT,
    "exp_year" SMALLINT,
    "fingerprint_hash" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "detached_at" TIMESTAMPTZ(3),
    CONSTRAINT "payment_methods_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "payment_methods_expiry_check" CHECK ("exp_month" BETWEEN 1 AND 12)
);
CREATE UNIQUE INDEX "payment_methods_customer_id_provider_id_token_key"
    ON "payment_methods" ("customer_id", "provider_id", "token");

-- Money that a customer pays, and what is to be had for it.
CREATE TABLE "payments" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id"),
    "provider_id" UUID NOT NULL REFERENCES "payment_providers" ("id"),
    "origin" "payment_origin" NOT NULL,
    "status" "payment_status" NOT NULL DEFAULT 'PENDING',
    -- What it is paid in, and how much, without tax.
    "asset_id" UUID NOT NULL REFERENCES "assets" ("id"),
    "amount" DECIMAL(38,12) NOT NULL,
    "tax" DECIMAL(38,12) NOT NULL DEFAULT 0,
    "paid" DECIMAL(38,12) NOT NULL DEFAULT 0,
    "refunded" DECIMAL(38,12) NOT NULL DEFAULT 0,
    -- What is credited for all of it, and where.
    "credit_asset_id" UUID NOT NULL REFERENCES "assets" ("id"),
    "wallet_name" TEXT NOT NULL,
    "credit" DECIMAL(38,12) NOT NULL,
    "bonus" DECIMAL(38,12) NOT NULL DEFAULT 0,
    "exchange_rate_id" UUID REFERENCES "exchange_rates" ("id"),
    "pack_id" UUID REFERENCES "credit_packs" ("id"),
    "pack_quantity" INTEGER,
    "expires_after_days" INTEGER,
    "method_id" UUID,
    "saves_method" BOOLEAN NOT NULL DEFAULT false,
    -- The provider's object.
    "ref" TEXT,
    "checkout_url" TEXT,
    "instructions" JSONB,
    "action_url" TEXT,
    "return_url" TEXT,
    "failure_code" TEXT,
    "failure_message" TEXT,
    "description" TEXT NOT NULL,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    -- When the provider is asked again, also when it says nothing by itself; null: not any more.
    "look_at" TIMESTAMPTZ(3),
    "looks" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "payments_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "payments_amount_check" CHECK ("amount" > 0 AND "credit" > 0 AND "bonus" >= 0),
    CONSTRAINT "payments_paid_check" CHECK ("paid" >= 0 AND "tax" >= 0 AND "refunded" >= 0 AND "refunded" <= "paid"),
    -- What is settled was paid, and what was paid is settled, whatever was said before.
    CONSTRAINT "payments_settled_check" CHECK (("status" = 'SETTLED') = ("settled_at" IS NOT NULL)),
    CONSTRAINT "payments_pack_check" CHECK (("pack_id" IS NULL) = ("pack_quantity" IS NULL))
);
CREATE INDEX "payments_organization_id_id_idx" ON "payments" ("organization_id", "id");
CREATE INDEX "payments_customer_id_id_idx" ON "payments" ("customer_id", "id");
CREATE INDEX "payments_look_at_idx" ON "payments" ("look_at") WHERE "look_at" IS NOT NULL;
-- An object of a provider pays for one thing.
CREATE UNIQUE INDEX "payments_provider_id_ref_key" ON "payments" ("provider_id", "ref") WHERE "ref" IS NOT NULL;

-- What was credited for what was paid; never changed. Mostly one a payment: more where it came in parts.
CREATE TABLE "payment_credits" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    -- Of the payment, in what it was paid in.
    "paid" DECIMAL(38,12) NOT NULL,
    -- In the wallet's asset.
    "credit" DECIMAL(38,12) NOT NULL,
    "bonus" DECIMAL(38,12) NOT NULL,
    -- Null when it comes to less than the smallest step that the asset keeps.
    "grant_id" UUID,
    "bonus_grant_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "payment_credits_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "payment_credits_payment_id_customer_id_fkey"
        FOREIGN KEY ("payment_id", "customer_id") REFERENCES "payments" ("id", "customer_id"),
    CONSTRAINT "payment_credits_amount_check" CHECK ("paid" > 0 AND "credit" >= 0 AND "bonus" >= 0),
    CONSTRAINT "payment_credits_grant_check"
        CHECK (("credit" > 0) = ("grant_id" IS NOT NULL) AND ("bonus" > 0) = ("bonus_grant_id" IS NOT NULL))
);
CREATE INDEX "payment_credits_payment_id_idx" ON "payment_credits" ("payment_id");
CREATE TRIGGER "payment_credits_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "payment_credits"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- Events of providers as they came in, for ever: of two with the same id the second is nothing new.
CREATE TABLE "payment_events" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "provider_id" UUID NOT NULL REFERENCES "payment_providers" ("id"),
    "event_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "ref" TEXT,
    -- The TypeID of the payment, when the event says it.
    "payment_id" TEXT,
    "body" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" "payment_event_outcome",
    "handled_at" TIMESTAMPTZ(3),
    "error" TEXT,
    CONSTRAINT "payment_events_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "payment_events_handled_check" CHECK (("outcome" IS NULL) = ("handled_at" IS NULL))
);
CREATE UNIQUE INDEX "payment_events_provider_id_event_id_key" ON "payment_events" ("provider_id", "event_id");
CREATE INDEX "payment_events_organization_id_id_idx" ON "payment_events" ("organization_id", "id");
CREATE INDEX "payment_events_open_idx" ON "payment_events" ("received_at") WHERE "handled_at" IS NULL;

-- Where what a provider says and what is booked here are not the same. For people to look at.
CREATE TABLE "payment_mismatches" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "provider_id" UUID NOT NULL REFERENCES "payment_providers" ("id"),
    "kind" "payment_mismatch_kind" NOT NULL,
    "ref" TEXT NOT NULL,
    "payment_id" UUID,
    "customer_id" UUID,
    "expected" TEXT,
    "found" TEXT,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    "resolution" TEXT,
    CONSTRAINT "payment_mismatches_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "payment_mismatches_organization_id_id_idx" ON "payment_mismatches" ("organization_id", "id");
-- The same is said once, until somebody has seen to it.
CREATE UNIQUE INDEX "payment_mismatches_open_key" ON "payment_mismatches" ("provider_id", "ref", "kind")
    WHERE "resolved_at" IS NULL;
