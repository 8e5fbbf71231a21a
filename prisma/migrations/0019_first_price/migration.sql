-- The first price of a metric in an asset is found without reading all of them: there may be one for each contract.
DROP INDEX "prices_metric_id_asset_id_idx";
CREATE INDEX "prices_metric_id_asset_id_id_idx" ON "prices"("metric_id", "asset_id", "id");
