-- Links that anybody may pay at, and payments that a subscription waits for.

CREATE TYPE "payment_change_status" AS ENUM ('WAITING', 'APPLIED', 'FAILED');
ALTER TYPE "payment_origin" ADD VALUE 'SUBSCRIPTION';

CREATE TABLE "payment_links" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL REFERENCES "customers" ("id"),
    -- Who knows it may pay: the last part of the address.
    "slug" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    -- What is bought: packs, or credit in an asset for an amount in another, or in the same.
    "pack_id" UUID REFERENCES "credit_packs" ("id"),
    "pack_quantity" INTEGER,
    "credit_asset_id" UUID REFERENCES "assets" ("id"),
    "asset_id" UUID REFERENCES "assets" ("id"),
    -- So much, or as much as whoever pays chooses.
    "amount" DECIMAL(38,12),
    "min_amount" DECIMAL(38,12),
    "max_amount" DECIMAL(38,12),
    "suggested_amounts" JSONB NOT NULL DEFAULT '[]',
    "expires_after_days" INTEGER,
    "wallet_name" TEXT NOT NULL,
    "provider_id" UUID REFERENCES "payment_providers" ("id"),
    "max_uses" INTEGER,
    "expires_at" TIMESTAMPTZ(3),
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "payment_links_pkey" PRIMARY KEY ("id", "customer_id"),
    CONSTRAINT "payment_links_pack_check" CHECK (("pack_id" IS NULL) = ("pack_quantity" IS NULL)),
    CONSTRAINT "payment_links_asset_check"
        CHECK (("pack_id" IS NULL) = ("credit_asset_id" IS NOT NULL) AND ("credit_asset_id" IS NULL) = ("asset_id" IS NULL)),
    CONSTRAINT "payment_links_amount_check" CHECK (
        ("min_amount" IS NULL) = ("max_amount" IS NULL) AND "min_amount" <= "max_amount" AND "min_amount" > 0 AND "amount" > 0
        AND num_nonnulls("pack_id", "amount", "min_amount") = 1),
    CONSTRAINT "payment_links_uses_check" CHECK ("max_uses" > 0)
);
CREATE UNIQUE INDEX "payment_links_slug_key" ON "payment_links" ("slug");
CREATE INDEX "payment_links_organization_id_id_idx" ON "payment_links" ("organization_id", "id");
CREATE INDEX "payment_links_customer_id_id_idx" ON "payment_links" ("customer_id", "id");

ALTER TABLE "payments"
    ADD COLUMN "link_id" UUID,
    ADD COLUMN "subscription_id" UUID,
    -- What becomes of the subscription once all of it is paid.
    ADD COLUMN "change" JSONB,
    ADD COLUMN "change_status" "payment_change_status",
    ADD COLUMN "change_failure" TEXT,
    ADD CONSTRAINT "payments_link_id_customer_id_fkey"
        FOREIGN KEY ("link_id", "customer_id") REFERENCES "payment_links" ("id", "customer_id"),
    ADD CONSTRAINT "payments_subscription_id_customer_id_fkey"
        FOREIGN KEY ("subscription_id", "customer_id") REFERENCES "subscriptions" ("id", "customer_id"),
    ADD CONSTRAINT "payments_change_check" CHECK (
        ("change" IS NULL) = ("change_status" IS NULL) AND ("change" IS NULL OR "subscription_id" IS NOT NULL)
        AND coalesce("change_status" = 'FAILED', false) = ("change_failure" IS NOT NULL));
CREATE INDEX "payments_link_id_idx" ON "payments" ("link_id") WHERE "link_id" IS NOT NULL;
