import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    reporters: ['default', './test/support/closing-line.ts'],
    setupFiles: ['test/support/quiet-logs.ts'],
    env: { LOG_LEVEL: 'silent' },
  },
})
