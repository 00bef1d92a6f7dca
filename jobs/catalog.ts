import { z } from 'zod'

/**
 * Every job of Outlay: what it needs and how often it is tried. A leaf that everybody may import, so that any room can
 * ask for work; `jobs/handlers/index.ts` must name a handler for every key, or it does not compile.
 *
 * A payload holds ids, never what they stand for: the handler reads the present state.
 */
export interface JobDefinition<Payload extends z.ZodType = z.ZodType> {
  payload: Payload
  /** How long one try may take before the relay gives the job to somebody else, in seconds. */
  leaseSeconds: number
  /** After how many failures the job is `dead`. Waits double from one second to half a minute. */
  attempts: number
  queue: QueueName
}

/** Slow work is apart, so that receipts and mails never hold up a button that somebody pressed. */
export const queueNames = ['main', 'reading', 'mail'] as const
export type QueueName = (typeof queueNames)[number]

const id = z.uuid()

/** Outages of Slack or the mail server pass; with waits of half a minute these last for a day. */
const untilOutagePasses = { leaseSeconds: 45, attempts: 2900, queue: 'main' } as const
const quick = { leaseSeconds: 45, attempts: 20, queue: 'main' } as const

export const catalog = {
  /** Work on a stored Slack event, message or button press. */
  'slack.receive': { ...untilOutagePasses, payload: z.object({ deliveryId: id }) },
  /** Make a change of the organisation that an admin saved in Slack, and show there what came of it. */
  'organisation.save': {
    ...untilOutagePasses,
    payload: z.object({
      changeId: id,
      teamId: z.string(),
      userId: z.string(),
      formId: z.string(),
      externalId: z.string(),
    }),
  },
  /** Bring one message that Outlay shows in Slack up to date. */
  'surface.render': { ...untilOutagePasses, payload: z.object({ surfaceId: id }) },
  /** Show somebody's App Home anew, because something in it changed; whatever else changed by then is shown with it. */
  'home.publish': { ...quick, payload: z.object({ personId: id }) },
  /** Remind somebody of files that still wait for their answer. */
  'question.remind': { ...untilOutagePasses, payload: z.object({ questionId: id }) },
  /** Put the file of a month into the conversation with whoever in finance asked for it. */
  'finance.export': { ...untilOutagePasses, payload: z.object({ exportId: id }) },
  /** Forget what was asked about files, and which months were sent as a file, long ago. Asked for by `schedules.ts`. */
  'slack.sweep': { ...quick, payload: z.object({}) },
  /** Read a receipt's file and fill in the draft. */
  'receipt.read': { payload: z.object({ receiptId: id }), leaseSeconds: 180, attempts: 4, queue: 'reading' },
  /** Send a submitted expense to its approvers, with what was read by then. */
  'expense.route': { ...quick, payload: z.object({ expenseId: id, revision: z.number().int().optional() }) },
  /** Show open drafts as the policy of today judges them: the organisation has changed. */
  'expense.refresh_drafts': { ...quick, payload: z.object({}) },
  /** Look again at an expense whose receipt was read after it went to the approvers. */
  'expense.reassess': { ...quick, payload: z.object({ expenseId: id }) },
  /** Write the PDF of a completed expense and queue its mails. Work from before rounds were counted is of the first. */
  'expense.document': {
    ...quick,
    payload: z.object({ expenseId: id, revision: z.number().int(), round: z.number().int().default(1) }),
  },
  /** Write the PDF that cancels a statement, and queue its mails to everybody who was mailed the statement. */
  'expense.cancel_document': { ...quick, payload: z.object({ documentId: id, approvalId: id }) },
  /** Work on a stored mail: who sent it, and which receipts it holds. */
  'mail.receive': { ...quick, queue: 'mail', leaseSeconds: 120, payload: z.object({ mailId: id }) },
  /** Answer a mail, once all its receipts are read: submit what is sure, ask for the rest. */
  'mail.answer': { ...quick, payload: z.object({ mailId: id }) },
  /** Hand one mail to the mail server. */
  'mail.send': { ...untilOutagePasses, payload: z.object({ mailId: id }) },
  /** A delegation was made, begins or ends: those concerned are told, and what is open is asked of others. */
  'delegation.turn': { ...quick, payload: z.object({ delegationId: id }) },
  /** Ask about an open request whom it is to be asked of now. */
  'approval.sync_asks': { ...quick, payload: z.object({ requestId: id }) },
  /** Remind somebody who is asked and has not answered. */
  'approval.remind': { ...quick, payload: z.object({ askId: id }) },
  /** Ask the next one up besides somebody who has not answered. */
  'approval.escalate': { ...quick, payload: z.object({ askId: id }) },
  /** Seal the audit entries that are due. Asked for by `schedules.ts`. */
  'audit.seal': { ...quick, payload: z.object({}) },
  /** Mail the newest seal, once a month. Asked for by `schedules.ts`. */
  'audit.mail_head': { ...quick, payload: z.object({}) },
} as const satisfies Record<string, JobDefinition>

export type JobName = keyof typeof catalog
export type JobPayload<Name extends JobName> = z.infer<(typeof catalog)[Name]['payload']>

/** Whether `name` is a job of this version: an older or newer replica may have written others. */
export function isJobName(name: string): name is JobName {
  return Object.hasOwn(catalog, name)
}
