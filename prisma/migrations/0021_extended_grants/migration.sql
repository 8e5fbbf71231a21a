-- A grant may be given a later end: credits of a trial go on with it. The end that it had is kept, with the entry of its
-- wallet up to which it went by that, for grants are drawn in an order that their ends decide.
CREATE TABLE "grant_extensions" (
    "grant_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "former_end" TIMESTAMPTZ(3) NOT NULL,
    "until_sequence" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    -- Ends only move on, so a grant has each once.
    CONSTRAINT "grant_extensions_pkey" PRIMARY KEY ("grant_id", "former_end", "customer_id"),
    CONSTRAINT "grant_extensions_sequence_check" CHECK ("until_sequence" >= 0)
);
CREATE TRIGGER "grant_extensions_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "grant_extensions"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- A grant is about to expire once for each end that it was given, not once for ever. None has had another end yet.
ALTER TABLE "alerts" ADD COLUMN "grant_ends_at" TIMESTAMPTZ(3);
UPDATE "alerts" a SET "grant_ends_at" = g."expires_at"
    FROM "credit_grants" g WHERE g."id" = a."grant_id" AND g."customer_id" = a."customer_id";
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_grant_check" CHECK (("grant_id" IS NULL) = ("grant_ends_at" IS NULL));
DROP INDEX "alerts_grant_key";
CREATE UNIQUE INDEX "alerts_grant_key" ON "alerts" ("grant_id", "rule_id", "grant_ends_at", "customer_id")
    WHERE "grant_id" IS NOT NULL;
