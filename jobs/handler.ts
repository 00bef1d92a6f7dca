import type { MailChannel } from '../src/channels/mail/index.ts'
import type { SlackChannel } from '../src/channels/slack/index.ts'
import type { Database, WorkInHand } from '../src/database/index.ts'
import type { LocalReader } from '../src/features/receipts/index.ts'
import type { JobName, JobPayload } from './catalog.ts'

/** Everything that handlers work with. Put together in `src/program.ts`. */
export interface JobContext {
  database: Database
  slack: SlackChannel
  mail: MailChannel
  reader: LocalReader
}

/** Does one kind of work. */
export type Handler<Name extends JobName> = (
  context: JobContext,
  payload: JobPayload<Name>,
  work: WorkInHand,
) => Promise<void>

/** A handler for every job of the catalogue, with its context. */
export type Handlers = {
  [Name in JobName]: (payload: JobPayload<Name>, work: WorkInHand) => Promise<void>
}
