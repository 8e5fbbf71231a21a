/** What every mutation that may be sent again says of its `idempotencyKey`; add what is special about it. */
export const IDEMPOTENCY_KEY =
  'Makes a retry safe for 24 hours: the same key and input answer the first outcome.';
