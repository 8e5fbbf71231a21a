-- Outbound webhooks. An endpoint is a place in its organization's event log: everything before it that the
-- endpoint wants was delivered. So the order is that of the log, and no event is copied for an endpoint.
CREATE TYPE "webhook_signing" AS ENUM ('HMAC', 'ED25519');
CREATE TYPE "webhook_disabled_reason" AS ENUM ('MERCHANT', 'GONE', 'FAILING');
CREATE TYPE "webhook_delivery_kind" AS ENUM ('EVENT', 'REPLAY', 'RESEND', 'PING');
CREATE TYPE "webhook_delivery_status" AS ENUM ('PENDING', 'SUCCEEDED', 'FAILED');

CREATE TABLE "webhook_endpoints" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT,
    "types" TEXT[] NOT NULL,
    "signing" "webhook_signing" NOT NULL,
    "secret" TEXT NOT NULL,
    "previous_secret" TEXT,
    "previous_secret_until" TIMESTAMPTZ(3),
    "position" BIGINT NOT NULL,
    "queued" BOOLEAN NOT NULL DEFAULT false,
    "replay_position" BIGINT,
    "replay_until" BIGINT,
    "failed_attempts" INTEGER NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3),
    "disabled_reason" "webhook_disabled_reason",
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "webhook_endpoints_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations" ("id"),
    CONSTRAINT "webhook_endpoints_replay_check" CHECK (("replay_position" IS NULL) = ("replay_until" IS NULL)),
    CONSTRAINT "webhook_endpoints_disabled_check" CHECK (("disabled_reason" IS NULL) = ("disabled_at" IS NULL))
);
CREATE INDEX "webhook_endpoints_organization_id_idx" ON "webhook_endpoints" ("organization_id");

-- One attempt a row. It outlives its endpoint, and is forgotten by age.
CREATE TABLE "webhook_deliveries" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "kind" "webhook_delivery_kind" NOT NULL,
    "event_id" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "position" BIGINT,
    "attempt" INTEGER NOT NULL,
    "status" "webhook_delivery_status" NOT NULL,
    "url" TEXT NOT NULL,
    "request_headers" JSONB NOT NULL,
    "response_status" INTEGER,
    "response_body" TEXT,
    "latency_ms" INTEGER,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "webhook_deliveries_endpoint_id_id_idx" ON "webhook_deliveries" ("endpoint_id", "id");
CREATE INDEX "webhook_deliveries_created_at_idx" ON "webhook_deliveries" USING BRIN ("created_at");
