import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };
import { createNoSkippedTestsReporter } from './test/support/no-skipped-tests.mts';

export default defineConfig({
  define: {
    __VERSION__: JSON.stringify(manifest.version),
    __PRODUCTION__: 'false',
  },
  test: {
    include: ['test/**/*.test.ts'],
    // These two run inside a real VS Code: `npm run test:e2e`.
    exclude: ['test/e2e/**', 'test/extension/**'],
    globalSetup: ['test/support/build-bundles.ts'],
    pool: 'threads',
    maxWorkers: 2,
    // A test that hangs still fails; one on a busy machine does not.
    testTimeout: 120_000,
    allowOnly: false,
    // .ci/run counts from the JSON file.
    reporters: ['default', ['json', { outputFile: '.cache/test-results.json' }], createNoSkippedTestsReporter()],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
});
