import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { approvalPage } from '../../../../templates/pages/approval-page.ts'
import type { Tx } from '../../../database/index.ts'
import { decideApproval, subjectOfApproval } from '../../../features/approvals/index.ts'
import { viewExpense } from '../../../features/expenses/index.ts'
import type { LinkClaims } from '../../../features/notifications/index.ts'
import { getPerson } from '../../../features/people/index.ts'
import { addLinkPage } from './link-page.ts'
import type { PageSite } from './page-site.ts'

const form = z.object({
  decision: z.enum(['approve', 'reject', 'send_back']),
  comment: z.string().default(''),
})

/** `/a/<token>`: the page on which an approver decides. */
export function addApprovalRoutes(server: FastifyInstance, site: PageSite): void {
  addLinkPage(server, site, {
    path: 'a',
    purpose: 'approval',
    form,
    expenseOf,
    show: async (tx, claims, address, { notice, form, error }) => {
      const expenseId = await expenseOf(tx, claims)
      const expense = expenseId && (await viewExpense(tx, expenseId, claims.approval))
      if (!expense) return null
      return approvalPage({
        ...address,
        expense,
        approvalId: claims.approval,
        viewer: await getPerson(tx, claims.person),
        notice: notice ?? null,
        comment: form?.comment ?? '',
        commentError: error?.field === 'comment' ? error.message : null,
      })
    },
    perform: async (tx, claims, { decision, comment }) => {
      await decideApproval(tx, site.subjects, { approvalId: claims.approval, verdict: decision, comment })
      return undefined
    },
  })
}

/** An approval is one person's part in one step of one revision: the link is bound to all of them by its id. */
async function expenseOf(tx: Tx, claims: LinkClaims<'approval'>): Promise<string | null> {
  const approval = await subjectOfApproval(tx, claims.approval)
  return approval?.approverId === claims.person ? approval.subjectId : null
}
