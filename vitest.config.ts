import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['countersign-source'] },
  ssr: { resolve: { conditions: ['countersign-source'] } },
  test: {
    include: ['src/**/*.test.ts', 'ledger/src/**/*.test.ts', 'test/**/*.test.ts'],
    // Two cores: one for the tests, one for Postgres and the service under test.
    maxWorkers: 2,
    globalSetup: ['test/support/global-postgres.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
