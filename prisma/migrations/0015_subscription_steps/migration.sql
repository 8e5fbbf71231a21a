-- A subscription says for itself that it begins with a trial; when that ends is known once it has begun.
ALTER TABLE "subscriptions" ADD COLUMN "has_trial" BOOLEAN NOT NULL DEFAULT false;
UPDATE "subscriptions" SET "has_trial" = true,
    "trial_ends_at" = CASE WHEN "started_at" IS NULL THEN NULL ELSE "trial_ends_at" END
    WHERE "trial_ends_at" IS NOT NULL;

-- One that lacks funds is looked at at once when there is more in its wallet; when that has only changed, after a pause.
ALTER TABLE "subscriptions"
    DROP CONSTRAINT "subscriptions_awaits_check",
    ADD COLUMN "awaits_balance" DECIMAL(38,12),
    ADD COLUMN "awaits_again_at" TIMESTAMPTZ(3);
UPDATE "subscriptions" s SET "awaits_balance" = w."balance", "awaits_again_at" = s."updated_at"
    FROM "wallets" w WHERE w."id" = s."awaits_wallet_id" AND w."customer_id" = s."customer_id";
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_awaits_check" CHECK (
    ("awaits_wallet_id" IS NULL) = ("awaits_version" IS NULL)
    AND ("awaits_wallet_id" IS NULL) = ("awaits_balance" IS NULL)
    AND ("awaits_wallet_id" IS NULL) = ("awaits_again_at" IS NULL)
);
-- A worker goes round those that wait in the order of their ids.
DROP INDEX "subscriptions_awaits_wallet_id_idx";
CREATE INDEX "subscriptions_waiting_idx" ON "subscriptions" ("id") WHERE "awaits_wallet_id" IS NOT NULL;

-- What time was to bring about and what failed: it is tried again after a pause that grows, and keeps nobody else.
CREATE TABLE "failed_work" (
    "work" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "again_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "failed_work_pkey" PRIMARY KEY ("work", "key"),
    CONSTRAINT "failed_work_failures_check" CHECK ("failures" > 0)
);
