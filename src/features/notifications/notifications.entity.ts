import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'

/** One message that Outlay shows somewhere, and keeps up to date. */
export const Surface = defineEntity({
  name: 'Surface',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    kind: p.string().$type<SurfaceKind>(),
    /** null: of a digest, which is about several, and of a question about files, which are no expense yet. */
    expenseId: p.uuid().strictNullable(),
    approvalId: p.uuid().strictNullable(),
    commentId: p.uuid().strictNullable(),
    stepUpId: p.uuid().strictNullable(),
    questionId: p.uuid().strictNullable(),
    personId: p.uuid(),
    /** Which of several of a kind, as of reminders; of a digest the day that it is for, as 20261231; 1 for all others. */
    round: p.integer(),
    /** Where it is shown. For Slack: the workspace, and the channel and thread once they are known. */
    address: p.json<SurfaceAddress>(),
    messageTs: p.string().strictNullable(),
    renderedHash: p.string().strictNullable(),
    /** Set before the first posting: after a crash in between, the message is looked for before it is posted again. */
    postingSince: p.datetime().strictNullable(),
    /** One renderer at a time. */
    leaseUntil: p.datetime().strictNullable(),
    /** It is not posted before this instant: its person has quiet hours. */
    showFrom: p.datetime().strictNullable(),
    createdAt: p.datetime(),
  },
})
export type Surface = InferEntity<typeof Surface>

/**
 * `slack.expense`: the submitter's message in the thread, which changes silently; `slack.outcome`: a new message beside
 * it that says what was decided, because Slack tells nobody of a change; `slack.approval`: the approver's card;
 * `slack.comment`: a question or an answer, as a message of its own in the thread of either; `slack.undone`: who took
 * back a decision, as a new message in the submitter's thread; `slack.reminder`: the approver's card once more, because it
 * has waited long; `slack.code`: a code that proves to us who decides by mail; `slack.digest`: all that waits for somebody,
 * where a card each would be too many; `slack.paid`: that an expense was reimbursed, in the submitter's thread; `slack.question`: what to make of files that
 * somebody posted.
 */
export type SurfaceKind =
  | 'slack.expense'
  | 'slack.outcome'
  | 'slack.approval'
  | 'slack.comment'
  | 'slack.undone'
  | 'slack.reminder'
  | 'slack.code'
  | 'slack.digest'
  | 'slack.paid'
  | 'slack.question'

export interface SurfaceAddress {
  teamId?: string
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
    commentId: p.uuid().strictNullable(),
    stepUpId: p.uuid().strictNullable(),
    delegationId: p.uuid().strictNullable(),
    /** What it says that no other row says. */
    details: p.json<MailDetails>().strictNullable(),
    status: p.string().$type<'queued' | 'sent' | 'failed' | 'not_needed'>(),
    tries: p.integer(),
    problem: p.string().strictNullable(),
    /** It is not sent before this instant: it gathers more, or its person has quiet hours. */
    sendFrom: p.datetime().strictNullable(),
    sentAt: p.datetime().strictNullable(),
    createdAt: p.datetime(),
  },
})
export type OutgoingMail = InferEntity<typeof OutgoingMail>

/**
 * `approval_request`: to an approver. `answer`: to a mail that came in. `decided`: to the submitter, when it was
 * rejected or sent back. `document`: the statement, to the submitter and finance. `comment`: a question or an answer, to
 * the other side. `blocked`: to the admins, when nobody may decide an expense. `notice`: to whom a rule wants told.
 * `late_reading`: to finance, when a receipt of an approved expense was read afterwards. `access_request`: to the admins,
 * for a Slack user whom nobody added. `undone`: somebody took back a decision; `approvalId` is that one for the
 * submitter, for an approver whose decision fell with it their own. `cancellation`: to whom a statement was mailed that
 * is out of force; `documentId` is the cancellation, `approvalId` the approval that was taken back. `reminder`: to
 * somebody who is asked and has not answered. `code`: to somebody who decides in Slack, to prove who they are.
 * `delegation`: to both, when somebody will decide, decides from now on, or has decided for somebody else; `details.turn`
 * says which. `approved_request`: to the submitter, when a request to spend was approved.
 * `audit_head`: the newest seal of the audit log, once a month to finance. `delegation_link`: to whoever wants to let
 * somebody decide for them, and asked for the way to that on the page of an approval. `install_link`: to an admin who wants to add the app
 * to a workspace of Slack. `authenticator`: to somebody whose
 * app for codes was added or removed. `digest`: to an approver, all that waits for them, where a mail each would be too
 * many. `paid`: to a submitter, which of their expenses finance reimbursed (`details.expenseIds`). `slack_trouble`: to
 * the admins, when Slack refuses what Outlay does until somebody mends it. `change_given_up`: to an admin whose change of
 * the organisation could not be saved, or was saved and not shown.
 */
export type MailKind =
  | 'approval_request'
  | 'answer'
  | 'decided'
  | 'document'
  | 'comment'
  | 'blocked'
  | 'notice'
  | 'late_reading'
  | 'access_request'
  | 'undone'
  | 'cancellation'
  | 'reminder'
  | 'code'
  | 'delegation'
  | 'approved_request'
  | 'audit_head'
  | 'delegation_link'
  | 'install_link'
  | 'authenticator'
  | 'digest'
  | 'paid'
  | 'slack_trouble'
  | 'change_given_up'

export interface MailDetails {
  /** `notice`: the rule, as it is cited. `late_reading`: what the reading says, a sentence each. */
  sentences?: string[]
  /** `access_request`: who wrote to us. */
  user?: { name: string | null; email: string | null }
  /** `delegation`: it was made, it begins, it has ended, it was called off before it began. */
  turn?: 'made' | 'begins' | 'ended' | 'called_off'
  /** `authenticator` */
  authenticator?: 'added' | 'removed'
  /** `paid` */
  expenseIds?: string[]
  /** `audit_head` */
  head?: { seq: number; hash: string }
  /** `change_given_up`: what was changed; `title` is null where it was not made. */
  givenUp?: { section: string; title: string | null }
  /** `slack_trouble` */
  slackTrouble?: SlackTroubleDetails
}

/**
 * What an admin has to mend. `token`: Slack no longer takes our token; `removed`: somebody removed the app from the
 * workspace; `scope`: the app lacks a permission; `app_token`: Slack refuses the token by which it delivers.
 */
export interface SlackTroubleDetails {
  problem: 'token' | 'removed' | 'scope' | 'app_token'
  /** The workspace; null for the one of SLACK_BOT_TOKEN. */
  workspace: { teamId: string; name: string } | null
  /** Slack's word for it. */
  code: string
  neededScope: string | null
}
