import type { Env } from '../config/env.ts'
import { AppError } from './kernel/errors.ts'
import { logger } from './kernel/logger.ts'
import { startProgram } from './program.ts'

/** Ends the process after this long, whatever still runs: it goes on at the next start. */
const drainMs = 9000

/** Runs the program until SIGTERM or SIGINT: prints one line when it is ready, drains, and exits with 0. */
export async function runProgram(readEnv: () => Env): Promise<void> {
  let stopping = false
  let stop: (() => Promise<void>) | null = null
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) return
    stopping = true
    logger.info({ signal }, 'stopping')
    setTimeout(() => process.exit(0), drainMs).unref()
    if (stop) void stop().finally(() => process.exit(0))
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  try {
    const program = await startProgram(readEnv())
    stop = () => program.stop()
    if (stopping) await stop().finally(() => process.exit(0))
    process.stdout.write(`outlay ready ${program.url}\n`)
  } catch (error) {
    if (error instanceof AppError) process.stderr.write(`${error.message}\n`)
    else logger.fatal({ error }, 'Outlay could not start')
    process.exit(1)
  }
}
