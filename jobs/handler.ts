import type { MailChannel } from '../src/channels/mail/index.ts'
import type { SlackChannel } from '../src/channels/slack/index.ts'
import type { Database, SystemTx, Tx } from '../src/database/index.ts'
import type { LocalReader } from '../src/features/receipts/index.ts'
import type { JobName, JobPayload } from './catalog.ts'

/** Everything that handlers work with. Put together in `src/program.ts`. */
export interface JobContext {
  database: Database
  slack: SlackChannel
  mail: MailChannel
  reader: LocalReader
}

/** How a handler confirms what it did. */
export interface WorkInHand {
  /** Above 1, an earlier try may have had effects outside. */
  attempt: number
  /** How often it failed before. */
  failures: number
  /** The company that the work belongs to. @throws for work of none */
  companyId: string
  /** Since when earlier tries may have had effects outside (UTC). */
  since: Date
  /** Call it in the transaction of the effect. Where another try was faster, it undoes this one. */
  finish: (tx: Tx | SystemTx) => Promise<void>
  /** The same where there is no effect in the database. */
  finishAlone: () => Promise<void>
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
