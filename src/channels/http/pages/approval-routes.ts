import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { approvalPage } from '../../../../templates/pages/approval-page.ts'
import type { Notice } from '../../../../templates/pages/page.ts'
import type { Tx } from '../../../database/index.ts'
import { decideApproval, subjectOfApproval, undoDecision } from '../../../features/approvals/index.ts'
import { type ExpenseView, viewExpense } from '../../../features/expenses/index.ts'
import { type LinkClaims, makeLink } from '../../../features/notifications/index.ts'
import { getPerson } from '../../../features/people/index.ts'
import { addLinkPage } from './link-page.ts'
import type { PageSite } from './page-site.ts'

const form = z.object({
  decision: z.enum(['approve', 'reject', 'send_back', 'ask', 'undo']),
  comment: z.string().default(''),
})

/** `/a/<token>`: the page on which an approver decides, asks before deciding, or takes back a decision. */
export function addApprovalRoutes(server: FastifyInstance, site: PageSite): void {
  addLinkPage(server, site, {
    path: 'a',
    purpose: 'approval',
    form,
    fields: ['comment'],
    expenseOf,
    show: async (tx, claims, address, { notice, form, errors, done }) => {
      const expenseId = await expenseOf(tx, claims)
      const expense = expenseId && (await viewExpense(tx, expenseId, claims.approval))
      if (!expense) return null
      return approvalPage({
        ...address,
        expense,
        approvalId: claims.approval,
        anewUrl: await anewUrl(site, claims, expense),
        viewer: await getPerson(tx, claims.person),
        notice: notice ?? (done === 'asked' ? questionSent(expense, claims.approval) : null),
        comment: form?.comment ?? '',
        commentError: errors?.comment ?? null,
      })
    },
    perform: async (tx, claims, { decision, comment }) => {
      const { approval: approvalId } = claims
      if (decision === 'undo') {
        await undoDecision(tx, site.subjects, { approvalId })
        return
      }
      await decideApproval(tx, site.subjects, { approvalId, verdict: decision, comment })
      return decision === 'ask' ? 'asked' : undefined
    },
  })
}

/**
 * The page on which this person is asked anew, where their approval was undone: it leads nobody else anywhere, and its
 * link lives as long as the one that is mailed.
 */
async function anewUrl(
  { keys }: PageSite,
  claims: LinkClaims<'approval'>,
  { undone, steps }: ExpenseView,
): Promise<string | null> {
  const own = undone.find(({ approvalId }) => approvalId === claims.approval)
  const fresh = steps
    .flatMap(({ approvers }) => approvers)
    .find(({ approvalId }) => own !== undefined && approvalId === own.freshId)
  if (!own || !fresh?.approvalId || fresh.personId !== claims.person || fresh.status === 'waiting')
    return null
  return makeLink({ keys, publicUrl: '' }, 'approval', { ...claims, approval: fresh.approvalId }, own.at)
}

/** Said as long as the question is the last word: the address stays in the browser's history. */
function questionSent({ comments, submitter }: ExpenseView, approvalId: string): Notice | null {
  if (comments.at(-1)?.approvalId !== approvalId) return null
  return {
    kind: 'success',
    text: `Your question was sent to ${submitter.name}. You are told of the answer, and you can still decide now.`,
  }
}

/** An approval is one person's part in one step of one revision: the link is bound to all of them by its id. */
async function expenseOf(tx: Tx, claims: LinkClaims<'approval'>): Promise<string | null> {
  const approval = await subjectOfApproval(tx, claims.approval)
  return approval?.approverId === claims.person ? approval.subjectId : null
}
