import type { HomeView, KnownBlock } from '@slack/types'
import type {
  ExpenseLine,
  HeldRequest,
  WaitingExpense,
  WaitingSummary,
} from '../../src/features/expenses/index.ts'
import type { DelegationView, Reader } from '../../src/features/people/index.ts'
import { formatMoney, type Money } from '../../src/kernel/money.ts'
import { delegationBlocksOf } from './delegation-modal.ts'
import { closeRequestButton } from './expense-message.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import {
  dotted,
  draftBlocks,
  type HomePage,
  recentBlocks,
  sentBackBlocks,
  titled,
  turning,
  waitingBlocks,
} from './home-lines.ts'
import { adminBlocks, financeBlocks, type HomeAdmin, type HomeFinance } from './home-roles.ts'
import { context, quote, section, sectionWith } from './text.ts'
import { wordsOf } from './words/index.ts'

export interface HomeContent {
  person: { id: string; name: string }
  reader: Reader
  /** The instant (UTC) at which all this is so. */
  now: Date
  /** What came of the last button that was pressed here. */
  note: string | null
  waiting: HomePage<WaitingExpense> & { summary: WaitingSummary | null }
  sentBack: HomePage<ExpenseLine>
  drafts: HomePage<ExpenseLine>
  recent: HomePage<ExpenseLine>
  /** Approved requests to spend with something left, or with expenses that still wait. */
  requests: HomePage<HeldRequest>
  /** The person's own, as principal or delegate, that are not over. */
  delegations: HomePage<DelegationView>
  /** null: they are not of finance. */
  finance: HomeFinance | null
  /** null: they are no admin. */
  admin: HomeAdmin | null
  /** What the company pays a rate for. */
  has: { mileage: boolean; perDiem: boolean }
}

/**
 * What a person sees of Outlay first: what they have to do, then how things stand. What there is nothing of has no place
 * here.
 */
export function homeView(content: HomeContent): HomeView {
  const { reader } = content
  const blocks = [
    ...(content.note === null ? [] : [section('note', `:information_source: ${quote(content.note, 600)}`)]),
    ...waitingBlocks(content.waiting, reader, content.now),
    ...startBlocks(content),
    ...sentBackBlocks(content.sentBack, reader),
    ...draftBlocks(content.drafts, reader),
    ...financeBlocks(content.finance, reader),
    ...adminBlocks(content.admin, reader),
    // Budgets stand here as soon as companies have any.
    ...recentBlocks(content.recent, reader),
    ...requestBlocks(content.requests, reader),
    ...delegationPart(content),
    ...footBlocks(reader),
  ]
  // A list is set apart from what stands above.
  return { type: 'home', blocks: blocks[0]?.type === 'divider' ? blocks.slice(1) : blocks }
}

/** Whoever has nothing here yet, and looks after nothing, is told how it goes; everybody else just begins. */
function startBlocks(content: HomeContent): KnownBlock[] {
  const { has, person, reader } = content
  const { start } = wordsOf(reader.locale).home
  const lists = [content.waiting, content.sentBack, content.drafts, content.recent, content.requests]
  const hasNothing = lists.every(({ lines }) => lines.length === 0)
  const isNew = hasNothing && content.finance === null && content.admin === null
  const hasToDecide = content.waiting.lines.length > 0
  return [
    ...(hasToDecide ? [divider] : []),
    ...(isNew ? [section('welcome', start.welcome(quote(person.name, 60)))] : []),
    actionsBlock('start', [
      // What waits for a decision comes first, and so does its colour.
      button(actions.startReceipt, start.receipt, 'receipt', hasToDecide ? {} : { style: 'primary' }),
      button(actions.startRequest, start.request, 'request'),
      ...(has.mileage ? [button(actions.startMileage, start.mileage, 'mileage')] : []),
      ...(has.perDiem ? [button(actions.startPerDiem, start.perDiem, 'per_diem')] : []),
    ]),
    ...(isNew ? [] : [context('start_hint', start.hint)]),
  ]
}

const divider: KnownBlock = { type: 'divider' }

function requestBlocks(page: HomePage<HeldRequest>, { locale }: Reader): KnownBlock[] {
  if (page.lines.length === 0) return []
  const words = wordsOf(locale)
  const { title, left, spent, hint } = words.home.requests
  const money = (amount: Money) => formatMoney(amount, locale)
  return [
    ...titled('requests', title, undefined, words),
    ...page.lines.map((request) => {
      const hasRest = request.left.minor > 0
      const of = money(request.approved)
      const state = hasRest ? left(money(request.left), of) : spent(money(request.used), of)
      return sectionWith(
        `request_${request.id}`,
        `*${quote(request.merchant, 100)}*\n${dotted([state, request.number])}`,
        closeRequestButton({ ...request, left: hasRest ? money(request.left) : null, locale }),
      )
    }),
    context('requests_hint', hint),
    ...turning('requests', page, { last: page.lines.at(-1)?.id, locale }),
  ]
}

function delegationPart({ delegations, person, reader }: HomeContent): KnownBlock[] {
  const { lines } = delegations
  if (lines.length === 0) return []
  const words = wordsOf(reader.locale)
  return [
    ...titled('delegations', words.home.delegations.title, undefined, words),
    ...delegationBlocksOf({ personId: person.id, delegations: lines, company: { locale: reader.locale } }),
    ...turning('delegations', delegations, { last: lines.at(-1)?.id, locale: reader.locale }),
  ]
}

function footBlocks({ locale }: Reader): KnownBlock[] {
  const { foot } = wordsOf(locale).home
  return [
    divider,
    actionsBlock('foot', [
      button(actions.delegate, foot.delegate, 'delegate'),
      button(actions.settings, foot.settings, 'settings'),
    ]),
  ]
}

/** For somebody whom we do not know, or who may not use it. */
export function homeMessage(text: string): HomeView {
  return { type: 'home', blocks: [section('message', quote(text, 2500))] }
}
