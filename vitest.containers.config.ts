import { defineConfig } from 'vitest/config';

/** Tests that build and run images: `.ci/run` prepares an engine and base images for them. */
export default defineConfig({
  test: {
    include: ['test/containers/**/*.test.ts'],
    globalSetup: ['test/support/build-runtime.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
