-- The largest value that is left when the largest of a counter is taken back. Readings of distinct values have a key.
CREATE INDEX "usage_readings_value_idx" ON "usage_readings" ("customer_id", "counted_id", "period_start", "slice", "value")
    WHERE "key" IS NULL;
