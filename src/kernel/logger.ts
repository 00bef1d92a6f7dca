import { AsyncLocalStorage } from 'node:async_hooks'
import { type Logger, pino } from 'pino'

/**
 * Structured logs. Every line written while work for one delivery is under way carries its `correlationId`, from
 * the Slack event to the mailed PDF: follow one receipt with `grep <correlationId>`.
 */
const correlation = new AsyncLocalStorage<{ id: string }>()

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
    const correlationId = currentCorrelation()
    return correlationId === undefined ? {} : { correlationId }
  },
  formatters: { level: (label) => ({ level: label }) },
})

/** Runs `work` so that all its log lines, also those of later promises, carry `correlationId`. */
export function withCorrelation<T>(correlationId: string, work: () => T): T {
  return correlation.run({ id: correlationId }, work)
}

/** The correlation id of the work under way, if any. */
export function currentCorrelation(): string | undefined {
  return correlation.getStore()?.id
}

/**
 * Goes on under another correlation id for the rest of the work under way: a click on a card belongs to the story of
 * its expense, which began with another delivery.
 */
export function continueCorrelation(correlationId: string): void {
  const store = correlation.getStore()
  if (store) store.id = correlationId
}
