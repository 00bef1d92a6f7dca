import type { Tx } from '../../database/index.ts'
import {
  type ApprovalProgress,
  type CommentSummary,
  type RequestSummary,
  summarizeRequest,
} from '../approvals/index.ts'
import {
  hasThread,
  isCutOff,
  queueMail,
  showComment,
  showMyExpense,
  showOutcome,
  showPaid,
  showUndone,
  showUndoneToApprover,
  waysTo,
} from '../notifications/index.ts'
import { getPeople, getPerson, type Person, peopleByEmail, peopleWithRole } from '../people/index.ts'
import type { PolicyVerdict } from '../policy/index.ts'
import type { Expense } from './expenses.entity.ts'

/** What was decided (null: that it is blocked), where the submitter wants to hear of it. */
export async function tellSubmitterOutcome(
  tx: Tx,
  expense: Expense,
  approvalId: string | null,
): Promise<void> {
  await tellSubmitter(tx, expense, {
    inThread: () => showOutcome(tx, expense.id, approvalId),
    mail: { kind: 'decided' },
  })
}

/**
 * That a request to spend was approved, which brings no document.
 * @param approvalId by which approval; null: nobody was asked, which a thread shows by itself
 */
export async function tellRequestApproved(
  tx: Tx,
  expense: Expense,
  approvalId: string | null,
): Promise<void> {
  await tellSubmitter(tx, expense, {
    inThread: async () => {
      if (approvalId !== null) await showOutcome(tx, expense.id, approvalId)
    },
    mail: { kind: 'approved_request' },
  })
}

/**
 * Tells the submitter: in their thread, or by mail where there is none; by mail alone, or in Slack alone, where they want
 * that. In Slack alone, what has no thread there is shown in a message, which is news by itself. Their thread is kept up to
 * date in any case.
 */
async function tellSubmitter(
  tx: Tx,
  expense: Expense,
  { inThread, mail }: { inThread: () => Promise<void>; mail: SubmitterMail },
): Promise<void> {
  switch (await wayToSubmitter(tx, expense)) {
    case 'thread':
      return inThread()
    case 'new message':
      return showMyExpense(tx, expense)
    case 'mail':
      return mailSubmitter(tx, expense, mail)
  }
}

async function wayToSubmitter(tx: Tx, expense: Expense): Promise<'thread' | 'new message' | 'mail'> {
  const submitter = await getPerson(tx, expense.submitterId)
  const ways = await waysTo(tx, submitter)
  // Their thread is in a workspace that we cannot write in any more.
  if (!ways.slack || (await isCutOff(tx, submitter))) return 'mail'
  if (await hasThread(tx, expense.id)) return 'thread'
  return ways.mail ? 'mail' : 'new message'
}

interface SubmitterMail {
  kind: 'decided' | 'approved_request' | 'comment' | 'undone'
  commentId?: string
  approvalId?: string
}

async function mailSubmitter(tx: Tx, expense: Expense, mail: SubmitterMail): Promise<void> {
  const submitter = await getPerson(tx, expense.submitterId)
  await queueMail(tx, {
    ...mail,
    to: { address: submitter.email, personId: submitter.id },
    expenseId: expense.id,
    ...(expense.mailId ? { inboundMailId: expense.mailId } : {}),
  })
}

/** Who took back a decision: to the submitter, and to everybody whose own decision fell with it. Their cards say it as well. */
export async function tellUndone(
  tx: Tx,
  expense: Expense,
  { approvalId, undoneApprovals }: ApprovalProgress,
): Promise<void> {
  if (!approvalId) return
  await tellSubmitter(tx, expense, {
    inThread: () => showUndone(tx, expense.id, approvalId),
    mail: { kind: 'undone', approvalId },
  })
  const request = await summarizeRequest(tx, expense.id, approvalId)
  const fell = (request?.undone ?? []).flatMap(({ id, decided, byId }) =>
    undoneApprovals.includes(id) && decided && decided.byId !== byId ? [{ id, personId: decided.byId }] : [],
  )
  const people = await getPeople(
    tx,
    fell.map(({ personId }) => personId),
  )
  for (const { id, personId } of fell) {
    const person = people.get(personId)
    if (!person?.active) continue
    const about = { expenseId: expense.id, approvalId: id }
    const { mail } = await waysTo(tx, person)
    if (!mail) await showUndoneToApprover(tx, { ...about, personId })
    else await queueMail(tx, { kind: 'undone', to: { address: person.email, personId }, ...about })
  }
}

/** A question or a remark, to the submitter. */
export async function tellSubmitterComment(tx: Tx, expense: Expense, commentId: string): Promise<void> {
  const { id: expenseId, submitterId: personId } = expense
  await tellSubmitter(tx, expense, {
    inThread: () => showComment(tx, { expenseId, personId, commentId, approvalId: null }),
    mail: { kind: 'comment', commentId },
  })
}

/**
 * What the submitter said, to those who are asked now: to the ones who had asked something, else to all of them.
 */
export async function tellApproversComment(
  tx: Tx,
  expense: Expense,
  { id: commentId }: CommentSummary,
  given: { request: RequestSummary | null; comments: CommentSummary[] },
): Promise<void> {
  const asked = (given.request?.steps ?? [])
    .flatMap(({ approvals }) => approvals)
    .filter(({ status }) => status === 'asked')
  const curious = asked.filter(({ id }) => given.comments.some(({ approvalId }) => approvalId === id))
  const told = curious.length > 0 ? curious : asked
  const asks = told.flatMap(({ id: approvalId, asks }) =>
    asks.map(({ personId }) => ({ approvalId, personId })),
  )
  const people = await getPeople(
    tx,
    asks.map(({ personId }) => personId),
  )
  for (const { approvalId, personId } of asks) {
    const person = people.get(personId)
    if (!person) continue
    const about = { expenseId: expense.id, approvalId, commentId }
    const { slack, mail } = await waysTo(tx, person)
    if (slack) await showComment(tx, { ...about, personId })
    if (mail) await queueMail(tx, { kind: 'comment', to: { address: person.email, personId }, ...about })
  }
}

/**
 * Which of their expenses finance has reimbursed just now, to each submitter: in the thread of each, and about those that
 * are in no thread in one mail.
 */
export async function tellPaid(tx: Tx, expenses: Expense[]): Promise<void> {
  const byMail = new Map<string, string[]>()
  for (const expense of expenses) {
    const way = await wayToSubmitter(tx, expense)
    if (way === 'thread') await showPaid(tx, expense.id)
    else if (way === 'new message') await showMyExpense(tx, expense)
    else byMail.set(expense.submitterId, [...(byMail.get(expense.submitterId) ?? []), expense.id])
  }
  for (const [personId, expenseIds] of byMail) {
    const { email: address } = await getPerson(tx, personId)
    await queueMail(tx, { kind: 'paid', to: { address, personId }, details: { expenseIds } })
  }
}

/** The admins hear of an expense that nobody may decide: they alone can change that. */
export async function tellAdminsNobodyDecides(tx: Tx, expense: Expense): Promise<void> {
  for (const admin of await peopleWithRole(tx, 'admin')) {
    await queueMail(tx, {
      kind: 'blocked',
      to: { address: admin.email, personId: admin.id },
      expenseId: expense.id,
    })
  }
}

/** Finance hears of what a receipt said that was read only after its expense was approved. */
export async function tellFinanceLateReading(tx: Tx, expense: Expense, sentences: string[]): Promise<void> {
  for (const person of await peopleWithRole(tx, 'finance')) {
    await queueMail(tx, {
      kind: 'late_reading',
      to: { address: person.email, personId: person.id },
      expenseId: expense.id,
      details: { sentences },
    })
  }
}

/** Whoever a rule wants told that such an expense was submitted, one mail each. */
export async function tellByRule(tx: Tx, expense: Expense, notify: PolicyVerdict['notify']): Promise<void> {
  const told = new Map<string, { person: Person; sentences: string[] }>()
  for (const { clause, to } of notify) {
    for (const person of await peopleMeant(tx, expense, to)) {
      if (person.id === expense.submitterId || !person.active) continue
      const known = told.get(person.id) ?? { person, sentences: [] }
      if (!known.sentences.includes(clause)) known.sentences.push(clause)
      told.set(person.id, known)
    }
  }
  for (const { person, sentences } of told.values()) {
    await queueMail(tx, {
      kind: 'notice',
      to: { address: person.email, personId: person.id },
      expenseId: expense.id,
      details: { sentences },
    })
  }
}

async function peopleMeant(tx: Tx, expense: Expense, to: string[]): Promise<Person[]> {
  const people: Person[] = []
  for (const one of to) {
    if (one === 'finance' || one === 'admin') people.push(...(await peopleWithRole(tx, one)))
    else if (one === 'manager') people.push(...(await managerOf(tx, expense.submitterId)))
    else people.push(...(await peopleByEmail(tx, [one])))
  }
  return people
}

async function managerOf(tx: Tx, personId: string): Promise<Person[]> {
  const { managerId } = await getPerson(tx, personId)
  return managerId === null ? [] : [await getPerson(tx, managerId)]
}
