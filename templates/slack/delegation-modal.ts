import type { KnownBlock, ModalView } from '@slack/types'
import type { DelegationView } from '../../src/features/people/index.ts'
import type { CalendarDate } from '../../src/kernel/calendar-date.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { actions, button } from './expense-parts.ts'
import { choiceInput, dateInput, textInput } from './form-inputs.ts'
import { forms } from './modals.ts'
import { dateText, plain, quote, section, sectionWith, shorten } from './text.ts'
import { wordsOf } from './words/index.ts'

/** The input blocks of the form. Errors are shown at these. */
export const delegationBlocks = { delegate: 'delegate', from: 'from', to: 'to', upTo: 'up_to' } as const

/** More than anybody has; a form takes a hundred blocks. */
const mostShown = 20

export interface DelegationModalView {
  personId: string
  /** The person's own, as principal or delegate, that are not over. */
  delegations: DelegationView[]
  /** The locale is that of the reader. */
  company: { currency: string; locale: string; stepUpOverMinor: number | null }
  today: CalendarDate
}

/** Lets somebody decide in one's place for a while; what holds already can be ended. */
export function delegationModal(view: DelegationModalView): ModalView {
  const { company, today } = view
  const { common, forms: texts } = wordsOf(company.locale)
  const { delegation } = texts
  return {
    type: 'modal',
    callback_id: forms.delegate,
    title: plain(texts.titles.delegate, 24),
    submit: plain(delegation.submit, 24),
    close: plain(common.cancel, 24),
    blocks: [
      section('intro', delegation.intro),
      ...delegationBlocksOf(view),
      choiceInput(delegationBlocks.delegate, delegation.delegate, {
        options: [],
        hint: delegation.delegateHint,
        placeholder: texts.chooseOne,
        isLookedUp: true,
      }),
      dateInput(delegationBlocks.from, delegation.from, { initial: today }),
      dateInput(delegationBlocks.to, delegation.to, { hint: delegation.toHint }),
      textInput(delegationBlocks.upTo, delegation.upTo(company.currency), {
        optional: true,
        placeholder: delegation.upToPlaceholder,
        hint: capHint(company),
        most: 40,
      }),
    ],
  }
}

/** What the field for the cap leads to: what is worth a code stays with the one whose code it is. */
function capHint({ stepUpOverMinor, currency, locale }: DelegationModalView['company']): string {
  const { upToHint, upToHintWithCode } = wordsOf(locale).forms.delegation
  if (stepUpOverMinor === null) return upToHint
  return upToHintWithCode(formatMoney({ minor: stepUpOverMinor, currency }, locale))
}

/** Who decides for a person, and for whom they decide, a line each. One's own can be ended. */
export function delegationBlocksOf({
  personId,
  delegations,
  company: { locale },
}: Pick<DelegationModalView, 'personId' | 'delegations'> & { company: { locale: string } }): KnownBlock[] {
  return delegations.slice(0, mostShown).map((delegation) => {
    const isOwn = delegation.principal.id === personId
    const line = delegationLine(delegation, isOwn, locale)
    const blockId = `delegation_${delegation.id}`
    return isOwn ? sectionWith(blockId, line, endButton(delegation, locale)) : section(blockId, line)
  })
}

function delegationLine(delegation: DelegationView, isOwn: boolean, locale: string): string {
  const texts = wordsOf(locale).forms.delegation
  const { principal, delegate, state } = delegation
  const who = quote((isOwn ? delegate : principal).name, 60)
  const [from, to] = [dateText(delegation.from, locale), dateText(delegation.to, locale)]
  const cap = capText(delegation, locale)
  if (state === 'coming') {
    return `:calendar: ${(isOwn ? texts.ownLater : texts.othersLater)(who, from, to, cap)}`
  }
  return `:bust_in_silhouette: ${(isOwn ? texts.ownNow : texts.othersNow)(who, to, cap)}`
}

function capText({ upTo }: DelegationView, locale: string): string {
  return upTo ? wordsOf(locale).forms.delegation.cap(formatMoney(upTo, locale)) : ''
}

function endButton({ id, delegate }: DelegationView, locale: string) {
  const { common, forms: texts } = wordsOf(locale)
  const { end, endLabel, endQuestion, ended } = texts.delegation
  const name = shorten(delegate.name, 40)
  return button(actions.endDelegation, end, id, {
    accessibility_label: endLabel(name),
    confirm: {
      title: plain(endQuestion),
      text: plain(ended(name), 300),
      confirm: plain(end, 30),
      deny: plain(common.keep, 30),
    },
  })
}

/** What was agreed, in a sentence. */
export function delegationMade(delegation: DelegationView, locale: string): string {
  const { madeNow, madeLater } = wordsOf(locale).forms.delegation
  const { delegate, state } = delegation
  const [from, to] = [dateText(delegation.from, locale), dateText(delegation.to, locale)]
  const cap = capText(delegation, locale)
  return state === 'active' ? madeNow(delegate.name, to, cap) : madeLater(delegate.name, from, to, cap)
}
