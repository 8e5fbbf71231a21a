-- Usage of a metric in an asset is counted under one price, whichever card of a plan or a contract it is charged by: who
-- changes between them counts on. What was priced before counts under itself, as it always did.
ALTER TABLE "prices" ADD COLUMN "counted_as" UUID;
UPDATE "prices" SET "counted_as" = "id";
ALTER TABLE "prices"
    ALTER COLUMN "counted_as" SET NOT NULL,
    ADD CONSTRAINT "prices_counted_as_fkey" FOREIGN KEY ("counted_as") REFERENCES "prices"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX "prices_metric_id_asset_id_idx" ON "prices"("metric_id", "asset_id");
