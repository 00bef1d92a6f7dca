import { defineConfig } from 'vitest/config'

/**
 * What people do in Slack, which has to be the same whichever way Slack reaches the program. Together these hold all that
 * comes over that wire: messages with files, commands, buttons, menus, forms with and without mistakes, App Home.
 */
const bySocketToo = ['approval', 'decisions', 'requests']

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    // Here programs start and end, which waits for a processor on a machine that has much to do.
    hookTimeout: 240_000,
    maxWorkers: 2,
    // Modules keep no state but caches; without loading them anew, most files take a third of the time.
    isolate: false,
    reporters: ['default', './test/support/closing-line.ts'],
    setupFiles: ['test/support/quiet-logs.ts'],
    env: { LOG_LEVEL: 'silent' },
    projects: [
      { extends: true, test: { name: 'all', include: ['test/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'by socket',
          include: bySocketToo.map((name) => `test/e2e/${name}.test.ts`),
          env: { SANDBOX_SLACK_MODE: 'socket' },
        },
      },
    ],
  },
})
