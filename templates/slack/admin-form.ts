import type { KnownBlock, ModalView } from '@slack/types'
import { type AdminField, type AdminSection, screenOf } from './admin-fields.ts'
import { type AdminChoice, type AdminValue, adminInput } from './admin-inputs.ts'
import { goToBlock } from './admin-list.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { forms } from './modals.ts'
import { context, plain, quote } from './text.ts'
import { wordsOf } from './words/index.ts'

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
  stamp: string
  /** Comes back with the form. */
  metadata: string
  /** Of what can be taken away: comes back with the button. */
  removal: string | null
}

/** The form of one entry. It stands in the place of its list, to which a button leads back. */
export function adminFormModal(view: AdminFormView): ModalView {
  const { section, locale, isNew, known, meaning, inputs, stamp } = view
  const words = wordsOf(locale)
  const { admin, common } = words
  const screen = screenOf(section)
  const lead: KnownBlock[] = [
    screen === 'company' ? goToBlock({ screen, stamp }, words) : backBlock(screen, locale),
    ...(known === null && meaning === null ? [] : [context('known', knownText(known, meaning))]),
    ...view.problems
      .slice(0, 5)
      .map((problem, index) => context(`problem_${index}`, `:x: ${quote(problem, 500)}`)),
  ]
  return {
    type: 'modal',
    callback_id: section === 'delegations' ? forms.adminDelegate : forms.admin,
    title: plain((isNew ? admin.adding : admin.changing)[section], 24),
    submit: plain(section === 'delegations' ? admin.save : admin.goOn, 24),
    close: plain(common.close, 24),
    private_metadata: view.metadata,
    blocks: [
      ...lead,
      ...inputs.map(({ field, ...input }) => adminInput(field, { section, stamp, ...input }, words)),
      ...(view.removal === null
        ? []
        : [
            actionsBlock('admin_remove', [
              button(actions.adminRemove, admin.remove, view.removal, { style: 'danger' }),
            ]),
          ]),
    ],
  }
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
