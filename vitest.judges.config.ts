import { defineConfig } from 'vitest/config';

/** What is generated, judged by tools that others wrote. `.ci/run` installs them. */
export default defineConfig({
  test: {
    include: ['test/judges/**/*.test.ts'],
    globalSetup: ['test/support/build-runtime.ts'],
    testTimeout: 300_000,
    fileParallelism: false,
  },
});
