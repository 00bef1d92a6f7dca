import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'

/** One message that Outlay shows somewhere, and keeps up to date. */
export const Surface = defineEntity({
  name: 'Surface',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    kind: p.string().$type<SurfaceKind>(),
    expenseId: p.uuid(),
    approvalId: p.uuid().strictNullable(),
    personId: p.uuid(),
    /** Where it is shown. For Slack: the workspace, and the channel and thread once they are known. */
    address: p.json<SurfaceAddress>(),
    messageTs: p.string().strictNullable(),
    renderedHash: p.string().strictNullable(),
    /** Set before the first posting: after a crash in between, the message is looked for before it is posted again. */
    postingSince: p.datetime().strictNullable(),
    /** One renderer at a time. */
    leaseUntil: p.datetime().strictNullable(),
    createdAt: p.datetime(),
  },
})
export type Surface = InferEntity<typeof Surface>

/**
 * `slack.expense`: the submitter's message in the thread, which changes silently; `slack.outcome`: a new message beside
 * it that says what was decided, because Slack tells nobody of a change; `slack.approval`: the approver's card.
 */
export type SurfaceKind = 'slack.expense' | 'slack.outcome' | 'slack.approval'

export interface SurfaceAddress {
  channel?: string
  threadTs?: string
}

/** One mail to one address, with its fate. What it says is written when it is sent, from the state of that moment. */
export const OutgoingMail = defineEntity({
  name: 'OutgoingMail',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    kind: p.string().$type<MailKind>(),
    toAddress: p.string(),
    toPersonId: p.uuid().strictNullable(),
    expenseId: p.uuid().strictNullable(),
    approvalId: p.uuid().strictNullable(),
    documentId: p.uuid().strictNullable(),
    inboundMailId: p.uuid().strictNullable(),
    status: p.string().$type<'queued' | 'sent' | 'failed' | 'not_needed'>(),
    tries: p.integer(),
    problem: p.string().strictNullable(),
    sentAt: p.datetime().strictNullable(),
    createdAt: p.datetime(),
  },
})
export type OutgoingMail = InferEntity<typeof OutgoingMail>

/**
 * `approval_request`: to an approver. `answer`: to a mail that came in. `decided`: to the submitter, when it was
 * rejected or sent back. `document`: the statement, to the submitter and finance.
 */
export type MailKind = 'approval_request' | 'answer' | 'decided' | 'document'
