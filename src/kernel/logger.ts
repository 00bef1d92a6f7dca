import { AsyncLocalStorage } from 'node:async_hooks'
import { type Logger, pino } from 'pino'

/**
 * Structured logs. Every line written while work for one delivery is under way carries its `correlationId`, from
 * the Slack event to the mailed PDF: follow one receipt with `grep <correlationId>`.
 */
const correlation = new AsyncLocalStorage<string>()

/** Fields that must never reach a log, wherever a library puts them. */
const secretPaths = [
  'authorization',
  'token',
  'password',
  'secret',
  'headers.authorization',
  '*.token',
  '*.password',
]

export const logger: Logger = pino({
  level: 'info',
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  errorKey: 'error',
  serializers: { error: pino.stdSerializers.err },
  redact: { paths: secretPaths, censor: '[secret]' },
  mixin: () => {
    const correlationId = correlation.getStore()
    return correlationId === undefined ? {} : { correlationId }
  },
  formatters: { level: (label) => ({ level: label }) },
})

/** Runs `work` so that all its log lines, also those of later promises, carry `correlationId`. */
export function withCorrelation<T>(correlationId: string, work: () => T): T {
  return correlation.run(correlationId, work)
}

/** The correlation id of the work under way, if any. */
export function currentCorrelation(): string | undefined {
  return correlation.getStore()
}
