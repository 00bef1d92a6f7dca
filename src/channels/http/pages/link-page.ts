import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Notice } from '../../../../templates/pages/page.ts'
import { type Actor, inCompany, type Tx } from '../../../database/index.ts'
import type { LinkClaims, PagePurpose } from '../../../features/notifications/index.ts'
import { AppError } from '../../../kernel/errors.ts'
import { enter, type PageSite, sendMissing, sendPage } from './page-site.ts'
import { sendReceipt } from './receipt-picture.ts'

/** Where the page and what is on it are: `/a/<token>` and below. */
export interface Address {
  /** The first page behind the link. */
  link: string
  action: string
  receiptUrl: (receiptId: string) => string
}

/** What was done and is said once, by its name in the address. */
const doings = ['saved', 'asked', 'answered', 'delegated', 'ended', 'mailed'] as const
export type Done = (typeof doings)[number]

/** What comes of a pressed button: something is said once, or the page wants to know more before it counts. */
export interface Performed<Further> {
  done?: Done | undefined
  further?: Further
}

/** What the page shows beside the present state: how the last action went. */
export interface Outcome<Form, Field extends string, Further> {
  notice?: Notice
  done?: Done | undefined
  further?: Further
  /** What was posted, when it was refused. */
  form?: Form
  /** What is wrong with it, at the fields of the page. */
  errors?: Partial<Record<Field, string>>
}

/** Who acts through a link. */
export interface Visitor {
  companyId: string
  actor: Actor
  /** Runs one transaction as this person. */
  inTx: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>
}

/** A page behind a signed link: what is on it, and what its buttons do. */
export interface LinkPage<Purpose extends PagePurpose, Form, Field extends string, Further = never> {
  path: 'a' | 'e' | 'd'
  /** Of a second page behind the same link. */
  below?: '/delegate'
  purpose: Purpose
  form: z.ZodType<Form>
  /** Fields of the form at which a mistake is shown. */
  fields: readonly Field[]
  /** The expense that this link opens, and whose receipts it shows; null when it opens none any more. */
  expenseOf?: (tx: Tx, claims: LinkClaims<Purpose>) => Promise<string | null>
  /** The page as HTML, from the present state. */
  show: (
    tx: Tx,
    claims: LinkClaims<Purpose>,
    address: Address,
    outcome: Outcome<Form, Field, Further>,
  ) => Promise<string | null>
  /** Does what the pressed button says. */
  perform: (visitor: Visitor, claims: LinkClaims<Purpose>, form: Form) => Promise<Performed<Further>>
}

type Request = { Params: { token: string }; Querystring: Partial<Record<Done, string>> }

/**
 * Serves a page behind a signed link. GET and HEAD only show it, whoever or whatever follows the link; nothing on it
 * submits itself; a person's button posts. After a post the browser is sent back to the page, so that a reload posts
 * nothing again.
 */
export function addLinkPage<Purpose extends PagePurpose, Form, Field extends string, Further = never>(
  server: FastifyInstance,
  site: PageSite,
  page: LinkPage<Purpose, Form, Field, Further>,
): void {
  const { path, below = '', expenseOf } = page

  async function show(
    claims: LinkClaims<Purpose>,
    token: string,
    reply: FastifyReply,
    status: number,
    outcome: Outcome<Form, Field, Further>,
  ) {
    const link = `/${path}/${token}`
    const address = { link, action: `${link}${below}`, receiptUrl: (id: string) => `${link}/receipts/${id}` }
    const html = await visitorOf(site, claims).inTx((tx) => page.show(tx, claims, address, outcome))
    return html === null ? sendMissing(reply) : sendPage(reply, status, html)
  }

  server.get<Request>(`/${path}/:token${below}`, async (request, reply) => {
    const claims = await enter(site, page.purpose, request.params.token, reply)
    if (!claims) return reply
    const done = doings.find((one) => request.query[one] === '1')
    return show(claims, request.params.token, reply, 200, { done })
  })

  server.post<Request>(`/${path}/:token${below}`, async (request, reply) => {
    const { token } = request.params
    const claims = await enter(site, page.purpose, token, reply)
    if (!claims) return reply
    const form = page.form.safeParse(request.body)
    if (!form.success) {
      return show(claims, token, reply, 400, {
        notice: { kind: 'error', text: 'Please use one of the buttons.' },
      })
    }
    try {
      const { done, further } = await page.perform(visitorOf(site, claims), claims, form.data)
      if (further !== undefined) return show(claims, token, reply, 200, { further, form: form.data })
      const location = `/${path}/${token}${below}${done ? `?${done}=1` : ''}`
      return reply.code(303).headers({ location, 'referrer-policy': 'no-referrer' }).send()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const errors = fieldErrors(error, page.fields)
      const notice = errors ? {} : { notice: { kind: 'error' as const, text: error.message } }
      const status = errors ? 422 : statusOf(error)
      return show(claims, token, reply, status, { ...notice, form: form.data, ...(errors && { errors }) })
    }
  })

  if (!expenseOf) return
  server.get<{ Params: { token: string; receipt: string } }>(
    `/${path}/:token/receipts/:receipt`,
    async (request, reply) => {
      const claims = await enter(site, page.purpose, request.params.token, reply)
      if (!claims) return reply
      return visitorOf(site, claims).inTx(async (tx) =>
        sendReceipt(tx, reply, await expenseOf(tx, claims), request.params.receipt),
      )
    },
  )
}

function visitorOf({ database }: PageSite, claims: { company: string; person: string }): Visitor {
  const companyId = claims.company
  const actor: Actor = { personId: claims.person, channel: 'email' }
  return { companyId, actor, inTx: (work) => inCompany(database, { companyId, actor }, work) }
}

const severalFields = z.object({ fields: z.record(z.string(), z.string()) })

/** The mistakes at the fields of the page; null when the error is about none of them. */
function fieldErrors<Field extends string>(
  error: AppError,
  fields: readonly Field[],
): Partial<Record<Field, string>> | null {
  const several = severalFields.safeParse(error.details)
  const said = several.success ? several.data.fields : error.field ? { [error.field]: error.message } : {}
  const errors: Partial<Record<Field, string>> = {}
  for (const field of fields) {
    const text = said[field]
    if (text !== undefined) errors[field] = text
  }
  return Object.keys(errors).length > 0 ? errors : null
}

function statusOf({ kind, code }: AppError): number {
  if (kind === 'transient') return 503
  return code === 'not_yours' || code === 'own_expense' || code === 'not_asked' ? 403 : 409
}
