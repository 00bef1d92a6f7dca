import { type CalendarDate, formatDate } from '../../src/kernel/calendar-date.ts'
import { formatMoney, type Money } from '../../src/kernel/money.ts'
import { joined, plainSpaces, quote } from '../expense-words.ts'
import type { Block, FactRow } from './blocks.ts'
import { type Mail, renderMail } from './layout.ts'

export interface DelegationMailView {
  /** It was made, it begins, it has ended, it was called off before it began. */
  turn: 'made' | 'begins' | 'ended' | 'called_off'
  audience: 'principal' | 'delegate'
  company: { name: string; locale: string }
  principal: { name: string }
  delegate: { name: string }
  from: CalendarDate
  to: CalendarDate
  /** Only for what is worth no more than this. */
  upTo: Money | null
  /** The name of an admin who arranged it; null: the principal, or an organisation file. */
  arrangedBy: string | null
  /** What is open now: with the delegate once it begins, with the principal again once it has ended. */
  waiting: WaitingItem[]
  /** How many more are open than those. */
  more: number
  /** How many stay with the principal alone while it lasts: the delegate may not decide about them. */
  staying: number
  /** The principal's page on which they end it; null for the delegate, and where it is over. */
  manageLink: string | null
}

export interface WaitingItem {
  number: string
  merchant: string
  amount: Money
  /** In the company's currency, where that is another one. */
  companyAmount: Money | null
  submitter: string
  /** The reader's page of it. */
  link: string
}

/** Tells somebody that they decide for somebody else, or somebody that another decides for them: in time, from now on, or no more. */
export function renderDelegationMail(given: DelegationMailView): Mail {
  const view = isToldWhatWaits(given) ? given : { ...given, waiting: [], more: 0, staying: 0 }
  const { company, turn } = view
  const title = titleOf(view)
  return renderMail({
    subject: turn === 'made' ? `${title}, from ${plainSpaces(formatDate(view.from, company.locale))}` : title,
    preview: view.waiting.length > 0 ? waitingTitle(view) : periodOf(view),
    company: company.name,
    title,
    blocks: [
      ...meaning(view).map((text): Block => ({ kind: 'paragraph', text })),
      ...(turn === 'made' || turn === 'begins' ? [{ kind: 'facts' as const, rows: facts(view) }] : []),
      ...waitingBlocks(view),
      ...manageBlock(view),
    ],
    reason: reasonOf(view),
  })
}

function titleOf({ turn, audience, principal, delegate }: DelegationMailView): string {
  const [who, whom] = [quote(delegate.name, 60), quote(principal.name, 60)]
  const isDelegate = audience === 'delegate'
  switch (turn) {
    case 'made':
      return isDelegate ? `You will decide for ${whom}` : `${who} will decide for you`
    case 'begins':
      return isDelegate ? `You decide for ${whom} from now on` : `${who} decides for you from now on`
    case 'ended':
      return isDelegate ? `You do not decide for ${whom} any more` : `${who} does not decide for you any more`
    case 'called_off':
      return isDelegate
        ? `You will not decide for ${whom} after all`
        : `${who} will not decide for you after all`
  }
}

function meaning(view: DelegationMailView): string[] {
  const { turn, audience, principal, delegate, from, upTo, company } = view
  const [who, whom] = [quote(delegate.name, 60), quote(principal.name, 60)]
  const cap = upTo === null ? '' : `, up to ${formatMoney(upTo, company.locale)},`
  if (turn === 'ended') {
    const asked = audience === 'delegate' ? whom : 'you'
    return [`What is still open is asked of ${asked} again. What was decided stays decided.`]
  }
  if (turn === 'called_off') return [`What was arranged, ${periodOf(view)}, was called off before it began.`]
  const then = turn === 'made' ? `From ${formatDate(from, company.locale)} on, what` : 'What'
  return audience === 'delegate'
    ? [
        `${then} ${whom} is asked to approve${cap} comes to you. ${whom} can still decide as well; the first decision counts.`,
      ]
    : [
        `${then} you are asked to approve${cap} goes to ${who}. You can still decide as well; the first decision counts.`,
      ]
}

function facts(view: DelegationMailView): FactRow[] {
  const { company, principal, delegate, upTo, arrangedBy, audience } = view
  const rows: FactRow[] = [
    audience === 'delegate' ? ['For', quote(principal.name, 120)] : ['Decides', quote(delegate.name, 120)],
    ['From', formatDate(view.from, company.locale)],
    ['Until', `${formatDate(view.to, company.locale)}, that day included`],
  ]
  if (upTo)
    rows.push([
      'Up to',
      `${formatMoney(upTo, company.locale)}; more than that stays with ${audience === 'delegate' ? quote(principal.name, 60) : 'you'}`,
    ])
  if (arrangedBy !== null) rows.push(['Arranged by', quote(arrangedBy, 120)])
  return rows
}

function periodOf({ from, to, company }: DelegationMailView): string {
  return `${formatDate(from, company.locale)} to ${formatDate(to, company.locale)}`
}

function waitingTitle(view: DelegationMailView): string {
  const count = view.waiting.length + view.more
  const whom = isReaders(view) ? 'you' : quote(view.delegate.name, 60)
  return `${count === 1 ? 'This waits' : `These ${count} wait`} for ${whom} now`
}

/** Whether what waits, waits for the reader. */
function isReaders({ turn, audience }: DelegationMailView): boolean {
  return (turn === 'ended') === (audience === 'principal')
}

/** Of what is over, its delegate need not know what is open. */
function isToldWhatWaits({ turn, audience }: DelegationMailView): boolean {
  return turn === 'begins' || (turn === 'ended' && audience === 'principal')
}

function waitingBlocks(view: DelegationMailView): Block[] {
  const { waiting, more, company } = view
  if (!isToldWhatWaits(view)) return []
  if (waiting.length === 0) {
    const none = isReaders(view) ? 'Nothing waits for you now.' : 'Nothing is open at this moment.'
    return [{ kind: 'paragraph', text: stayingText(view) ?? none }]
  }
  const items = waiting.map(({ number, merchant, amount, companyAmount, submitter, link }) => {
    const own = companyAmount ? ` (${formatMoney(companyAmount, company.locale)})` : ''
    const both = `${formatMoney(amount, company.locale)}${own}`
    return {
      label: `${both}, ${quote(merchant, 60)}, from ${quote(submitter, 60)} (${number})`,
      url: link,
    }
  })
  const rest = isReaders(view) ? ' You are reminded of each by mail; in Slack you see them all.' : ''
  const others: Block[] = more > 0 ? [{ kind: 'paragraph', text: `And ${more} more.${rest}` }] : []
  const staying = stayingText(view)
  if (staying !== null) others.push({ kind: 'paragraph', text: staying })
  return [{ kind: 'links', title: waitingTitle(view), items }, ...others]
}

/** Tells the principal that not everything goes to the delegate; null when it does. */
function stayingText({ audience, delegate, upTo, staying, company }: DelegationMailView): string | null {
  if (audience !== 'principal' || staying === 0) return null
  const what =
    staying === 1 ? 'One request stays with you: it is' : `${staying} requests stay with you: they are`
  const reasons = [`${quote(delegate.name, 60)}’s own`, 'of somebody whom they report to']
  if (upTo !== null) reasons.push(`above ${formatMoney(upTo, company.locale)}`)
  return `${what} ${joined(reasons, 'or')}.`
}

function manageBlock({ manageLink, arrangedBy }: DelegationMailView): Block[] {
  if (manageLink === null) return []
  const note = arrangedBy === null ? 'Did you not arrange this? Then end it here, and tell your admin.' : null
  return [{ kind: 'button', label: 'Change or end it', url: manageLink, rank: 'quiet', note }]
}

const verbs = {
  made: ['will decide', 'will decide'],
  begins: ['decide', 'decides'],
  ended: ['decided', 'decided'],
  called_off: ['were to decide', 'was to decide'],
} as const

function reasonOf({
  turn,
  audience,
  principal,
  delegate,
  company,
  waiting,
  manageLink,
}: DelegationMailView): string {
  const other = quote(audience === 'delegate' ? principal.name : delegate.name, 60)
  const [own, theirs] = verbs[turn]
  const why = audience === 'delegate' ? `you ${own} for ${other}` : `${other} ${theirs} for you`
  const links =
    waiting.length > 0 || manageLink !== null
      ? ' Its links work in your name, so please do not pass it on.'
      : ''
  return `You get this mail because ${why} at ${quote(company.name)}.${links}`
}
