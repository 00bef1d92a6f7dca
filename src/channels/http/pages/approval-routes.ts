import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { type ApprovalPageView, approvalPage } from '../../../../templates/pages/approval-page.ts'
import type { Notice } from '../../../../templates/pages/page.ts'
import type { Tx } from '../../../database/index.ts'
import {
  decideApproval,
  proveWithCode,
  type SentCode,
  sendCode,
  subjectOfApproval,
  undoDecision,
} from '../../../features/approvals/index.ts'
import { type ExpenseView, viewExpense } from '../../../features/expenses/index.ts'
import { type LinkClaims, makeLink } from '../../../features/notifications/index.ts'
import { activeDelegations, getPerson } from '../../../features/people/index.ts'
import { AppError, userError } from '../../../kernel/errors.ts'
import { addLinkPage, type Performed, type Visitor } from './link-page.ts'
import type { PageSite } from './page-site.ts'

const verdicts = ['approve', 'reject', 'send_back'] as const
const form = z.object({
  decision: z.enum([...verdicts, 'ask', 'undo']),
  comment: z.string().default(''),
  /** Proves who decides, where that is asked for. */
  code: z.string().optional(),
  /** Which way that code went, for the words beside its field. */
  via: z.enum(['email', 'slack', 'app']).default('slack'),
})
type Form = z.infer<typeof form>

/** `/a/<token>`: the page on which an approver decides, asks before deciding, or takes back a decision. */
export function addApprovalRoutes(server: FastifyInstance, site: PageSite): void {
  addLinkPage<'approval', Form, 'comment' | 'code', SentCode>(server, site, {
    path: 'a',
    purpose: 'approval',
    form,
    fields: ['comment', 'code'],
    expenseOf,
    show: async (tx, claims, address, { notice, form, errors, further, done }) => {
      const expenseId = await expenseOf(tx, claims)
      const expense = expenseId && (await viewExpense(tx, expenseId, claims.approval))
      if (!expense) return null
      return approvalPage({
        action: address.action,
        receiptUrl: address.receiptUrl,
        delegateUrl: `${address.link}/delegate`,
        expense,
        approvalId: claims.approval,
        anewUrl: await anewUrl(site, tx, claims, expense),
        viewer: await getPerson(tx, claims.person),
        standIn: await standInOf(tx, claims.person),
        notice: notice ?? (done === 'asked' ? questionSent(expense, claims.approval) : null),
        comment: form?.comment ?? '',
        commentError: errors?.comment ?? null,
        code: codeStep(form, further, errors?.code),
      })
    },
    perform: (visitor, claims, form) => perform(site, visitor, claims.approval, form),
  })
}

/**
 * A decision that needs a proof is asked again with the code that is sent now. The code is tried on its own, before the
 * decision: a wrong one counts whatever becomes of that.
 */
async function perform(
  site: PageSite,
  { companyId, actor, inTx }: Visitor,
  approvalId: string,
  { decision, comment, code }: Form,
): Promise<Performed<SentCode>> {
  const { database, subjects, dataKey } = site
  if (decision === 'undo') {
    await inTx((tx) => undoDecision(tx, subjects, { approvalId }))
    return {}
  }
  if (code !== undefined) await proveWithCode(database, { companyId, actor }, { approvalId, code, dataKey })
  try {
    await inTx((tx) => decideApproval(tx, subjects, { approvalId, verdict: decision, comment }))
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'step_up_required') throw error
    return { further: await inTx((tx) => newCode(tx, approvalId)) }
  }
  return decision === 'ask' ? { done: 'asked' } : {}
}

/** No field for a code is shown when none was sent: why not is said above the page. */
async function newCode(tx: Tx, approvalId: string): Promise<SentCode> {
  try {
    return await sendCode(tx, { approvalId })
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'user') throw error
    throw userError(error.code, error.message)
  }
}

/** The decision that waits for a code: one was just sent, or a wrong one was typed. */
function codeStep(
  form: Form | undefined,
  sent: SentCode | undefined,
  error: string | undefined,
): ApprovalPageView['code'] {
  const verdict = verdicts.find((one) => one === form?.decision)
  if (!form || !verdict || (!sent && error === undefined)) return null
  return { verdict, via: sent?.via ?? form.via, error: error ?? null }
}

async function standInOf(tx: Tx, personId: string): Promise<ApprovalPageView['standIn']> {
  const [active] = await activeDelegations(tx, [personId])
  return active ? { name: (await getPerson(tx, active.delegateId)).name, until: active.toDate } : null
}

/**
 * The page on which this person is asked anew, where their approval was undone: it leads nobody else anywhere, and its
 * link lives as long as the one that is mailed.
 */
async function anewUrl(
  { keys }: PageSite,
  tx: Tx,
  claims: LinkClaims<'approval'>,
  { undone, steps }: ExpenseView,
): Promise<string | null> {
  const own = undone.find(({ approvalId }) => approvalId === claims.approval)
  const fresh = steps
    .flatMap(({ approvers }) => approvers)
    .find(({ approvalId }) => own !== undefined && approvalId === own.freshId)
  if (!own || !fresh?.approvalId || fresh.status === 'waiting') return null
  const anew = { ...claims, approval: fresh.approvalId }
  return (await expenseOf(tx, anew)) && makeLink({ keys, publicUrl: '' }, 'approval', anew, own.at)
}

/** Said as long as the question is the last word: the address stays in the browser's history. */
function questionSent({ comments, submitter }: ExpenseView, approvalId: string): Notice | null {
  if (comments.at(-1)?.approvalId !== approvalId) return null
  return {
    kind: 'success',
    text: `Your question was sent to ${submitter.name}. You are told of the answer, and you can still decide now.`,
  }
}

/**
 * An approval is one step of one revision: the link is bound to both by its id. Who may look at it was asked about it at
 * some time, as its approver, in the place of one, or besides.
 */
async function expenseOf(tx: Tx, claims: LinkClaims<'approval'>): Promise<string | null> {
  const approval = await subjectOfApproval(tx, claims.approval)
  return approval?.mayLook.includes(claims.person) ? approval.subjectId : null
}
