import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { type ApprovalPageView, approvalPage } from '../../../../templates/pages/approval-page.ts'
import type { Notice } from '../../../../templates/pages/page.ts'
import { inCompany, type Tx } from '../../../database/index.ts'
import { decideApproval, subjectOfApproval } from '../../../features/approvals/index.ts'
import { viewExpense } from '../../../features/expenses/index.ts'
import type { LinkClaims } from '../../../features/notifications/index.ts'
import { getPerson } from '../../../features/people/index.ts'
import { AppError, userError } from '../../../kernel/errors.ts'
import { enter, type PageSite, sendMissing, sendPage } from './page-site.ts'
import { sendReceipt } from './receipt-picture.ts'

type Claims = LinkClaims<'approval'>
type Request = { Params: { token: string } }

const decisionSchema = z.object({
  decision: z.enum(['approve', 'reject', 'send_back']),
  comment: z.string().max(4000).default(''),
})

/**
 * `/a/<token>`: the page on which an approver decides. GET and HEAD only show it, whoever or whatever follows the link;
 * nothing on it submits itself; a person's button posts.
 */
export function addApprovalRoutes(server: FastifyInstance, site: PageSite): void {
  server.get<Request>('/a/:token', async (request, reply) => {
    const claims = await enter(site, 'approval', request.params.token, reply)
    if (claims) await show(site, claims, request.params.token, reply)
    return reply
  })

  server.post<Request>('/a/:token', async (request, reply) => {
    const { token } = request.params
    const claims = await enter(site, 'approval', token, reply)
    if (!claims) return reply
    const form = decisionSchema.safeParse(request.body)
    if (!form.success) {
      const notice = { kind: 'error' as const, text: 'Please use one of the buttons.' }
      return show(site, claims, token, reply, { status: 400, notice })
    }
    try {
      await inTx(site, claims, async (tx) => {
        await checkBinding(tx, claims)
        await decideApproval(tx, site.subjects, {
          approvalId: claims.approval,
          verdict: form.data.decision,
          comment: form.data.comment,
        })
      })
      return reply.code(303).header('location', `/a/${token}`).header('referrer-policy', 'no-referrer').send()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return show(site, claims, token, reply, { ...explain(error), comment: form.data.comment })
    }
  })

  server.get<{ Params: { token: string; receipt: string } }>(
    '/a/:token/receipts/:receipt',
    async (request, reply) => {
      const claims = await enter(site, 'approval', request.params.token, reply)
      if (!claims) return reply
      return inTx(site, claims, async (tx) => {
        const approval = await subjectOfApproval(tx, claims.approval)
        return sendReceipt(
          tx,
          reply,
          approval?.approverId === claims.person ? approval.subjectId : null,
          request.params.receipt,
        )
      })
    },
  )
}

interface Shown {
  status?: number
  notice?: Notice
  comment?: string
  commentError?: string
}

async function show(
  site: PageSite,
  claims: Claims,
  token: string,
  reply: FastifyReply,
  shown: Shown = {},
): Promise<FastifyReply> {
  const view = await inTx(site, claims, async (tx): Promise<ApprovalPageView | null> => {
    const approval = await subjectOfApproval(tx, claims.approval)
    const expense =
      approval?.approverId === claims.person
        ? await viewExpense(tx, approval.subjectId, claims.approval)
        : null
    if (!expense) return null
    return {
      expense,
      approvalId: claims.approval,
      action: `/a/${token}`,
      receiptUrl: (id) => `/a/${token}/receipts/${id}`,
      viewer: await getPerson(tx, claims.person),
      notice: shown.notice ?? null,
      comment: shown.comment ?? '',
      commentError: shown.commentError ?? null,
    }
  })
  return view ? sendPage(reply, shown.status ?? 200, approvalPage(view)) : sendMissing(reply)
}

/** The link was made for this person, this approval and this revision; the rest the use case checks. */
async function checkBinding(tx: Tx, claims: Claims): Promise<void> {
  const approval = await subjectOfApproval(tx, claims.approval)
  if (approval?.approverId !== claims.person || approval.revision !== claims.revision) {
    throw userError('link_outdated', 'This request changed since the mail was sent. Please look at it again.')
  }
}

function explain(error: AppError): Shown {
  if (error.field === 'comment') return { status: 422, commentError: error.message }
  const status = error.kind === 'transient' ? 503 : error.code === 'already_decided' ? 409 : 403
  return { status, notice: { kind: 'error', text: error.message } }
}

function inTx<T>(site: PageSite, claims: Claims, work: (tx: Tx) => Promise<T>): Promise<T> {
  const actor = { personId: claims.person, channel: 'email' as const }
  return inCompany(site.database, { companyId: claims.company, actor }, work)
}
