-- An alert about a depletion names nothing as what was crossed, and not the smallest step above it.
UPDATE "alerts" SET "threshold" = 0 WHERE "kind" = 'DEPLETED';
