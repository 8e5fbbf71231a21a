-- What a customer has paid and was given is read in the order of its ids.

CREATE INDEX "adjustments_customer_id_id_idx" ON "adjustments" ("customer_id", "id");
CREATE INDEX "payment_refunds_customer_id_id_idx" ON "payment_refunds" ("customer_id", "id");
CREATE INDEX "payment_disputes_customer_id_id_idx" ON "payment_disputes" ("customer_id", "id");
