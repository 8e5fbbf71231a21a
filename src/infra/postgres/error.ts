/** Why the embedded PostgreSQL cannot be used, in one line for the person who started the process. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}
