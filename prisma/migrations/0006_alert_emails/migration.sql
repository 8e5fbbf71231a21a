-- Whom the alerts of a rule are mailed to: addresses, and "customer" for the customer's own.
ALTER TABLE "alert_rules" ADD COLUMN "emails" TEXT[] NOT NULL DEFAULT '{}';
