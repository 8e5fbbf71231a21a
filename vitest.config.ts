import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Our sources would be given the ESM build of graphql and the libraries the CommonJS one, and a schema of
  // the one cannot be executed by the other. Node itself takes the CommonJS build for both.
  resolve: { alias: [{ find: /^graphql$/, replacement: import.meta.resolve('graphql').slice(7) }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // A process per file: what a file leaves open cannot disturb the next one.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
});
