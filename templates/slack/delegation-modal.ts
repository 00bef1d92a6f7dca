import type { KnownBlock, ModalView } from '@slack/types'
import type { DelegationView } from '../../src/features/people/index.ts'
import type { CalendarDate } from '../../src/kernel/calendar-date.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { capHint } from '../delegation-words.ts'
import { actions, button } from './expense-parts.ts'
import { choiceInput, dateInput, textInput } from './form-inputs.ts'
import { forms } from './modals.ts'
import { dateText, plain, quote, section, sectionWith, shorten } from './text.ts'

/** The input blocks of the form. Errors are shown at these. */
export const delegationBlocks = { delegate: 'delegate', from: 'from', to: 'to', upTo: 'up_to' } as const

/** More than anybody has; a form takes a hundred blocks. */
const mostShown = 20

export interface DelegationModalView {
  personId: string
  /** The person's own, as principal or delegate, that are not over. */
  delegations: DelegationView[]
  company: { currency: string; locale: string; stepUpOverMinor: number | null }
  today: CalendarDate
}

/** Lets somebody decide in one's place for a while; what holds already can be ended. */
export function delegationModal(view: DelegationModalView): ModalView {
  const { company, today } = view
  return {
    type: 'modal',
    callback_id: forms.delegate,
    title: plain('Delegate', 24),
    submit: plain('Delegate', 24),
    close: plain('Close', 24),
    blocks: [
      section(
        'intro',
        'Away for a while? Somebody else decides for you from one day to another, both included. What waits for you goes to them, and comes back to you afterwards. You can still decide yourself.',
      ),
      ...delegationBlocksOf(view),
      choiceInput(delegationBlocks.delegate, 'Who decides for you', {
        options: [],
        hint: 'Type a name to search.',
        isLookedUp: true,
      }),
      dateInput(delegationBlocks.from, 'From', { initial: today }),
      dateInput(delegationBlocks.to, 'Until', { hint: 'This day included.' }),
      textInput(delegationBlocks.upTo, `Only up to, in ${company.currency}`, {
        optional: true,
        placeholder: '1000.00',
        hint: capHint(company),
        most: 40,
      }),
    ],
  }
}

/** Who decides for a person, and for whom they decide, a line each. One's own can be ended. */
export function delegationBlocksOf({
  personId,
  delegations,
  company,
}: Pick<DelegationModalView, 'personId' | 'delegations'> & {
  company: { locale: string }
}): KnownBlock[] {
  const shown = delegations.slice(0, mostShown)
  return shown.map((delegation) => {
    const isOwn = delegation.principal.id === personId
    const line = delegationLine(delegation, isOwn, company.locale)
    const blockId = `delegation_${delegation.id}`
    return isOwn ? sectionWith(blockId, line, endButton(delegation)) : section(blockId, line)
  })
}

function delegationLine(delegation: DelegationView, isOwn: boolean, locale: string): string {
  const { principal, delegate, state, from, to, upTo } = delegation
  const who = isOwn ? `*${quote(delegate.name, 60)}*` : '*You*'
  const whom = isOwn ? 'you' : `*${quote(principal.name, 60)}*`
  const cap = upTo ? `, up to ${formatMoney(upTo, locale)}` : ''
  if (state === 'coming') {
    const verb = isOwn ? 'will decide' : 'decide'
    return `:calendar: ${who} ${verb} for ${whom} from ${dateText(from, locale)} to ${dateText(to, locale)}${cap}.`
  }
  return `:bust_in_silhouette: ${who} ${isOwn ? 'decides' : 'decide'} for ${whom} until ${dateText(to, locale)}${cap}.`
}

function endButton({ id, delegate }: DelegationView) {
  const name = shorten(delegate.name, 40)
  return button(actions.endDelegation, 'End', id, {
    accessibility_label: `End: ${name} decides for you`,
    confirm: {
      title: plain('End it?'),
      text: plain(`${name} does not decide for you any more. What is still open comes back to you.`, 300),
      confirm: plain('End', 30),
      deny: plain('Keep', 30),
    },
  })
}

/** What was agreed, in a sentence. */
export function delegationMade({ delegate, from, to, upTo, state }: DelegationView, locale: string): string {
  const cap = upTo ? `, up to ${formatMoney(upTo, locale)}` : ''
  const when =
    state === 'active'
      ? `from now until ${dateText(to, locale)}`
      : `from ${dateText(from, locale)} to ${dateText(to, locale)}`
  return `${delegate.name} decides for you ${when}${cap}. Both of you get a mail.`
}
