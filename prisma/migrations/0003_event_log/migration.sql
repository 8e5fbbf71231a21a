-- The event log: what transactions have to tell. Each writes a row for each customer into the outbox, beside
-- the change that it tells of; a sequencer moves the rows into the log once they have committed, and only
-- then are they numbered. So the numbers have no gap and no late comer, and no writer waits for another.
CREATE TABLE "event_outbox" (
    "id" BIGSERIAL NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID,
    "event_count" INTEGER NOT NULL,
    "events" JSON NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "event_outbox_pkey" PRIMARY KEY ("id")
);

-- A row is a run of events: what one transaction told of one customer. Position and sequence are those of
-- its last event; the others are right before it. What is about no customer has no sequence.
CREATE TABLE "event_runs" (
    "organization_id" UUID NOT NULL,
    "position" BIGINT NOT NULL,
    "customer_id" UUID,
    "sequence" BIGINT,
    "event_count" INTEGER NOT NULL,
    "events" JSON NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "event_runs_pkey" PRIMARY KEY ("organization_id", "position")
);
CREATE INDEX "event_runs_customer_id_sequence_idx" ON "event_runs" ("customer_id", "sequence");

-- How far each organization's log goes, and up to where it was forgotten.
CREATE TABLE "event_logs" (
    "organization_id" UUID NOT NULL,
    "last_position" BIGINT NOT NULL,
    "forgotten_position" BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT "event_logs_pkey" PRIMARY KEY ("organization_id")
);

-- The same for a customer: where its sequence goes on when all its events were forgotten.
ALTER TABLE "customers" ADD COLUMN "forgotten_sequence" BIGINT NOT NULL DEFAULT 0;
