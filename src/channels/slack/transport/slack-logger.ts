import { type Logger, LogLevel } from '@slack/web-api'
import { logger } from '../../../kernel/logger.ts'

/** The log of Slack's libraries goes where ours goes; debug lines, which hold payloads, go nowhere. */
export const slackLogger: Logger = {
  debug: () => {},
  info: (...messages: unknown[]) => logger.debug({ from: 'slack' }, messages.join(' ')),
  warn: (...messages: unknown[]) => logger.warn({ from: 'slack' }, messages.join(' ')),
  error: (...messages: unknown[]) => logger.error({ from: 'slack' }, messages.join(' ')),
  setLevel: () => {},
  getLevel: () => LogLevel.INFO,
  setName: () => {},
}
