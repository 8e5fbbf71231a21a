-- What a charge of a subscription drew is a run of its wallet's entries: what of it is not had goes back there. Null for
-- those from before.
ALTER TABLE "subscription_charges"
    ADD COLUMN "first_sequence" BIGINT,
    ADD COLUMN "entry_count" INTEGER,
    ADD COLUMN "returned" DECIMAL(38,12) NOT NULL DEFAULT 0,
    ADD CONSTRAINT "subscription_charges_returned_check" CHECK ("returned" BETWEEN 0 AND "amount"),
    ADD CONSTRAINT "subscription_charges_entries_check" CHECK (("first_sequence" IS NULL) = ("entry_count" IS NULL));
