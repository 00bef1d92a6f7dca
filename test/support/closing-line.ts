import type { Reporter, TestModule } from 'vitest/node'

/** Ends a run with `N passed, N failed, N skipped`, and says why each test was skipped. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      // A file that could not even be loaded, or whose set-up failed, counts as a failure.
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed'))
        counts.failed += 1
      for (const test of tests) {
        const result = test.result()
        if (result.state !== 'pending') counts[result.state] += 1
        if (result.state === 'skipped')
          process.stdout.write(`skipped: ${test.fullName}${result.note ? ` (${result.note})` : ''}\n`)
      }
    }
    // After the default reporter's summary.
    setImmediate(() =>
      process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`),
    )
  }
}
