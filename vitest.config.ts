import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

// Our sources would be given the ESM build of graphql and the libraries the CommonJS one, and a schema of
// the one cannot be executed by the other. Node itself takes the CommonJS build for both.
const resolve = {
  alias: [{ find: /^graphql$/, replacement: import.meta.resolve('graphql').slice(7) }],
};

/** What stops servers, floods sockets or measures the process that it runs in. */
const APART = ['faults', 'laws', 'live', 'e2e'].map((folder) => `test/${folder}/**/*.test.ts`);

interface Files {
  readonly include: string[];
  readonly exclude?: string[];
}

function project(name: string, isolate: boolean, files: Files): TestProjectConfiguration {
  const expect = { poll: { timeout: 30_000 } };
  const timeouts = { testTimeout: 60_000, hookTimeout: 120_000, teardownTimeout: 30_000 };
  return { resolve, test: { name, pool: 'forks', isolate, expect, ...timeouts, ...files } };
}

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 2,
    projects: [
      // A process per file: what a file leaves open cannot disturb the next one.
      project('apart', true, { include: APART }),
      // Reading all our sources takes longer than most of these files: a process reads them once.
      project('together', false, { include: ['test/**/*.test.ts'], exclude: APART }),
    ],
  },
});
