-- The connection that wrote a row: when it is gone, its process may have died before it told anybody. Of the
-- rows that are there the connection that migrates is as good a writer, for it will be gone.
ALTER TABLE "event_outbox" ADD COLUMN "writer" INTEGER NOT NULL DEFAULT pg_backend_pid();
