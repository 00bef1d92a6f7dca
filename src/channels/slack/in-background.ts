import { logger } from '../../kernel/logger.ts'

/**
 * Does what Slack's three seconds must not wait for. `what` could not be done is logged, and nothing more: it has to be
 * something that a person does again when it does not come, as after a stop of the program in the middle of it.
 */
export function inBackground(what: string, work: () => Promise<void>): void {
  work().catch((error: unknown) => logger.warn({ error }, `${what} failed`))
}
