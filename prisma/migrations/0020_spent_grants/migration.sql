-- A grant that was spent goes on at its end like any other once something goes back to it, for as long as its
-- subscription looks for that end. Nobody looks for those that were spent before: they end with their time.
UPDATE "subscription_grants" s SET "rolls_over" = false
    FROM "credit_grants" g
    WHERE g."id" = s."grant_id" AND g."customer_id" = s."customer_id" AND s."rolls_over" AND NOT g."open";
