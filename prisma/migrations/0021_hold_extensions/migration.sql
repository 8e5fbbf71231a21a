-- What was set aside each time a hold was extended. The row of a hold keeps what it was placed with, which is written
-- once: one that is extended every two seconds for months writes each of these once, and itself as small as ever. What
-- the rows that are there say of former extensions stays in them, and counts as what it is.
--
-- On the hot path like captures: no foreign keys, which would cost a look-up a row. The laws check them instead. They
-- read it wallet by wallet behind the entries, so that is its only order.
CREATE TABLE "hold_extensions" (
    "wallet_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "hold_id" UUID NOT NULL,
    "grant_id" UUID,
    "amount" DECIMAL(38,12) NOT NULL,
    CONSTRAINT "hold_extensions_pkey" PRIMARY KEY ("wallet_id", "sequence", "version", "ordinal", "customer_id"),
    CONSTRAINT "hold_extensions_amount_check" CHECK ("amount" > 0 AND "ordinal" > 0)
);
CREATE TRIGGER "hold_extensions_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "hold_extensions"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
