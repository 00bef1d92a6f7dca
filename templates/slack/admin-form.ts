import type { KnownBlock, ModalView } from '@slack/types'
import type { EntryAmounts } from '../../src/features/organisation/index.ts'
import { type AdminField, type AdminSection, screenOf } from './admin-fields.ts'
import { type AdminChoice, type AdminValue, adminInput } from './admin-inputs.ts'
import { goToBlock } from './admin-list.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { forms } from './modals.ts'
import { context, plain, quote, section } from './text.ts'
import { type Words, wordsOf } from './words/index.ts'

export interface AdminFormView {
  section: AdminSection
  locale: string
  isNew: boolean
  /** What it is known by, such as an address; null: of something new. */
  known: string | null
  /** What a policy says in words, as it is now. */
  meaning: string | null
  /** How the examples come out now, where they do not come out as expected. */
  problems: string[]
  /** What is asked for, with what stands there; a menu without choices is looked up. */
  inputs: {
    field: AdminField
    value: AdminValue
    choices: AdminChoice[] | null
    hint?: string | undefined
  }[]
  /** Where amounts are changed by themselves: what each is for, and what shows the text instead. */
  amounts: (Pick<EntryAmounts, 'expenses' | 'bands'> & { asText: string }) | null
  stamp: string
  /** Comes back with the form. */
  metadata: string
  /** Of what can be taken away: comes back with the button. */
  removal: string | null
}

/** The form of one entry. It stands in the place of its list, to which a button leads back. */
export function adminFormModal(view: AdminFormView): ModalView {
  const { section: kind, locale, isNew, known, meaning, stamp } = view
  const words = wordsOf(locale)
  const { admin, common } = words
  const screen = screenOf(kind)
  const isKnown = view.amounts === null && (known !== null || meaning !== null)
  const lead: KnownBlock[] = [
    screen === 'company' ? goToBlock({ screen, stamp }, words) : backBlock(screen, locale),
    ...(isKnown ? [context('known', knownText(known, meaning))] : []),
    ...view.problems
      .slice(0, 5)
      .map((problem, index) => context(`problem_${index}`, `:x: ${quote(problem, 500)}`)),
  ]
  return {
    type: 'modal',
    callback_id: kind === 'delegations' ? forms.adminDelegate : forms.admin,
    title: plain((isNew ? admin.adding : admin.changing)[kind], 24),
    submit: plain(kind === 'delegations' ? admin.save : admin.goOn, 24),
    close: plain(common.cancel, 24),
    private_metadata: view.metadata,
    blocks: [
      ...lead,
      ...(view.amounts === null ? inputBlocks(view) : amountBlocks(view)),
      ...endBlocks(view),
    ],
  }
}

const inputBlocks = ({ inputs, section: kind, stamp, locale }: AdminFormView) =>
  inputs.map(({ field, ...input }) => adminInput(field, { section: kind, stamp, ...input }, wordsOf(locale)))

/** Each has at most three blocks, of the hundred that a form holds. */
export const mostBands = 30

/** What each band asks for, with the amount that it ends at: the next one begins there. */
function amountBlocks(view: AdminFormView): KnownBlock[] {
  const { bands: texts } = wordsOf(view.locale).admin
  const { expenses, bands } = view.amounts ?? { expenses: null, bands: [] }
  const inputs = inputBlocks(view)
  const shown = new Set<number>()
  const ask = (place: number | null, label: string): KnownBlock[] => {
    const input = place === null || shown.has(place) ? undefined : inputs[place]
    if (place === null || !input) return []
    shown.add(place)
    return [{ ...input, label: plain(label) }]
  }
  return [
    ...(expenses === null ? [] : [context('expenses', texts.intro(quote(expenses, 300)))]),
    ...bands.flatMap(({ name, asks, above, upTo }, index) => [
      ...ask(above, texts.above),
      section(
        `band_${index}`,
        `${titleOf(name, upTo === null && above !== null, texts)}\n${quote(asks, 600)}`,
      ),
      ...ask(upTo, texts.upTo),
    ]),
  ]
}

const titleOf = (name: string, isLast: boolean, { beyond }: Words['admin']['bands']) =>
  isLast ? `*${quote(name, 150)}*, ${beyond}` : `*${quote(name, 150)}*`

function endBlocks({ amounts, removal, locale }: AdminFormView): KnownBlock[] {
  const { admin } = wordsOf(locale)
  const buttons = [
    ...(amounts === null ? [] : [button(actions.adminChange, admin.bands.asText, amounts.asText)]),
    ...(removal === null ? [] : [button(actions.adminRemove, admin.remove, removal, { style: 'danger' })]),
  ]
  return buttons.length > 0 ? [actionsBlock('admin_remove', buttons)] : []
}

function backBlock(screen: ReturnType<typeof screenOf>, locale: string): KnownBlock {
  const { admin } = wordsOf(locale)
  return actionsBlock('admin_back', [button(actions.adminBack, admin.back(admin.screens[screen]), screen)])
}

/** What it is called, and what it says. */
function knownText(known: string | null, meaning: string | null): string {
  if (meaning === null) return quote(known ?? '', 300)
  return known === null ? quote(meaning, 1500) : `*${quote(known, 300)}*: ${quote(meaning, 1400)}`
}
