-- A charge may be decided on a wallet as the process remembers it, without locking it first. What is
-- written then says which version it builds on; when the wallet has moved on since, this ends the
-- transaction, and it is run again.
CREATE FUNCTION "refuse_moved_on"() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a wallet has changed since it was read' USING ERRCODE = 'serialization_failure';
END $$;
