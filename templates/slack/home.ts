import type { HomeView, KnownBlock } from '@slack/types'
import type { HeldRequest } from '../../src/features/expenses/index.ts'
import type { DelegationView } from '../../src/features/people/index.ts'
import { formatMoney, type Money } from '../../src/kernel/money.ts'
import { delegationBlocksOf } from './delegation-modal.ts'
import { closeRequestButton } from './expense-message.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { context, header, quote, section, sectionWith } from './text.ts'

/** More than anybody has; App Home takes a hundred blocks. */
const mostRequests = 30

export interface HomeContent {
  personId: string
  company: { currency: string; locale: string }
  /** Approved requests to spend with something left, or with expenses that still wait. */
  requests: HeldRequest[]
  /** The person's own, as principal or delegate, that are not over. */
  delegations: DelegationView[]
  /** What the company pays a rate for. */
  has: { mileage: boolean; perDiem: boolean }
}

/** The first thing that people see of Outlay in Slack: what they can begin, and what holds for them now. */
export function homeView(content: HomeContent): HomeView {
  return {
    type: 'home',
    blocks: [
      header('begin', 'New expense'),
      section(
        'receipt',
        ':receipt: Drop a photo or PDF of a receipt into *Messages*, and I read it for you. What has no receipt begins here:',
      ),
      actionsBlock('start', startButtons(content)),
      ...requestBlocks(content),
      ...delegationPart(content),
    ],
  }
}

function startButtons({ has }: HomeContent) {
  return [
    button(actions.startRequest, 'Request to spend', 'request'),
    ...(has.mileage ? [button(actions.startMileage, 'Mileage', 'mileage')] : []),
    ...(has.perDiem ? [button(actions.startPerDiem, 'Per diem', 'per_diem')] : []),
  ]
}

function requestBlocks({ requests, company }: HomeContent): KnownBlock[] {
  const lines = requests.slice(0, mostRequests).map((request) => {
    const money = (amount: Money) => formatMoney(amount, company.locale)
    const hasRest = request.left.minor > 0
    const state = hasRest
      ? `*${money(request.left)}* left of ${money(request.approved)}`
      : `*${money(request.used)}* of ${money(request.approved)} spent`
    return sectionWith(
      `request_${request.id}`,
      `*${quote(request.merchant, 100)}*\n${state}  ·  ${request.number}`,
      closeRequestButton({ ...request, left: hasRest ? money(request.left) : 'What is left' }),
    )
  })
  return [
    { type: 'divider' },
    header('requests', 'Approved to spend'),
    ...(lines.length > 0
      ? [...lines, context('requests_hint', 'Choose it in the form of each expense that you spend under it.')]
      : [
          context(
            'no_requests',
            'Nothing now. Ask before you spend, and the expense needs no approval again.',
          ),
        ]),
  ]
}

function delegationPart(content: HomeContent): KnownBlock[] {
  const lines = delegationBlocksOf(content)
  return [
    { type: 'divider' },
    header('delegations', 'Your delegations'),
    ...(lines.length > 0 ? lines : [context('no_delegations', 'Nobody decides for you.')]),
    actionsBlock('delegate', [button(actions.delegate, 'Delegate…', 'delegate')]),
  ]
}

/** For somebody whom we do not know, or who may not use it. */
export function homeMessage(text: string): HomeView {
  return { type: 'home', blocks: [section('message', quote(text, 2500))] }
}
