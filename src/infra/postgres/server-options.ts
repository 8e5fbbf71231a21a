const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  // Fewer checkpoints write fewer full pages; the price is a longer recovery after a power cut.
  max_wal_size: '4GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  // Money is on the disk before anybody is told.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Messages about the server itself. Refused statements are reported by whoever sent them, and would
  // put what customers sent into a file.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

/** What the embedded server is started with. */
export const SERVER_OPTIONS: readonly string[] = Object.entries(SETTINGS).flatMap(
  ([name, value]) => ['-c', `${name}=${value}`],
);
