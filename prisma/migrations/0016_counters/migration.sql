-- A period may end at the instant at which it began, as one of a subscription may: a plan that is changed at once.
ALTER TABLE "usage_counters" DROP CONSTRAINT "usage_counters_period_check",
    ADD CONSTRAINT "usage_counters_period_check" CHECK ("period_start" <= "period_end");
