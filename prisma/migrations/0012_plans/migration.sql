-- What is sold: features, plans in versions, packs of credits.

CREATE TYPE "feature_kind" AS ENUM ('BOOLEAN', 'STATIC', 'METERED');
CREATE TYPE "plan_version_status" AS ENUM ('DRAFT', 'PUBLISHED');

CREATE TABLE "features" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "feature_kind" NOT NULL,
    "metric_id" UUID REFERENCES "billable_metrics" ("id"),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "features_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "features_metric_check" CHECK (("kind" = 'METERED') = ("metric_id" IS NOT NULL))
);
CREATE UNIQUE INDEX "features_organization_id_code_key" ON "features" ("organization_id", "code");

CREATE TABLE "plans" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "plans_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "plans_organization_id_code_key" ON "plans" ("organization_id", "code");

CREATE TABLE "plan_versions" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "plan_id" UUID NOT NULL REFERENCES "plans" ("id"),
    "number" INTEGER NOT NULL,
    "status" "plan_version_status" NOT NULL DEFAULT 'DRAFT',
    "definition" JSONB NOT NULL,
    "rate_card_id" UUID REFERENCES "rate_cards" ("id"),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "published_at" TIMESTAMPTZ(3),
    CONSTRAINT "plan_versions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "plan_versions_published_check" CHECK (("status" = 'PUBLISHED') = ("published_at" IS NOT NULL))
);
CREATE UNIQUE INDEX "plan_versions_plan_id_number_key" ON "plan_versions" ("plan_id", "number");
-- A plan has one draft at the most.
CREATE UNIQUE INDEX "plan_versions_draft_key" ON "plan_versions" ("plan_id") WHERE "status" = 'DRAFT';

-- Subscribers were promised what a published version says.
CREATE FUNCTION "refuse_published_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published version of a plan is never changed or removed';
END $$;
CREATE TRIGGER "plan_versions_immutable" BEFORE UPDATE OR DELETE ON "plan_versions"
    FOR EACH ROW WHEN (OLD."status" = 'PUBLISHED') EXECUTE FUNCTION "refuse_published_change"();

CREATE TABLE "credit_packs" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL REFERENCES "organizations" ("id"),
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "credit_packs_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "credit_packs_organization_id_code_key" ON "credit_packs" ("organization_id", "code");
