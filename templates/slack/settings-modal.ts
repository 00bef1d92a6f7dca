import type { InputBlock, ModalView } from '@slack/types'
import type { Preferences, Reader } from '../../src/features/people/index.ts'
import { choiceInput, option } from './form-inputs.ts'
import { forms } from './modals.ts'
import { plain } from './text.ts'
import { offeredLocales, wordsOf } from './words/index.ts'

/** The input blocks of the form, called as the settings are: errors are shown at these. */
export const settingsBlocks = {
  locale: 'locale',
  notifyBy: 'notifyBy',
  quiet: 'quiet',
  quietFrom: 'quietFrom',
  quietTo: 'quietTo',
  digestOver: 'digestOver',
} as const

/** The choice that leaves it to Slack, or to the company. */
export const asGiven = 'as-given'

/** What most people choose who do not want to be told in the evening. */
const usualQuiet = { from: '18:00', to: '08:00' }
const usualDigests = [3, 5, 10, 20, 50]

export interface SettingsModalView {
  preferences: Preferences
  reader: Reader
  company: { digestOver: number }
}

/** How somebody reads and hears of things. */
export function settingsModal({ preferences, reader, company }: SettingsModalView): ModalView {
  const words = wordsOf(reader.locale)
  const { settings } = words.home
  const { locale, notifyBy, digestOver } = preferences
  return {
    type: 'modal',
    callback_id: forms.settings,
    title: plain(settings.title, 24),
    submit: plain(settings.save, 24),
    close: plain(words.common.cancel, 24),
    blocks: [
      choiceInput(settingsBlocks.locale, settings.language, {
        options: [{ id: asGiven, name: settings.asInSlack }, ...locales(locale)],
        chosen: locale ?? asGiven,
        hint: settings.languageHint,
      }),
      choiceInput(settingsBlocks.notifyBy, settings.notifyBy, {
        options: (['both', 'slack', 'mail'] as const).map((id) => ({ id, name: settings.by[id] })),
        chosen: notifyBy,
        hint: settings.notifyHint,
      }),
      ...quietInputs(preferences, reader),
      choiceInput(settingsBlocks.digestOver, settings.digest, {
        options: [
          { id: asGiven, name: settings.digestCompany(company.digestOver) },
          ...digests(digestOver).map((count) => ({ id: String(count), name: settings.digestOver(count) })),
          { id: '0', name: settings.digestNever },
        ],
        chosen: digestOver === null ? asGiven : String(digestOver),
        hint: settings.digestHint,
      }),
    ],
  }
}

/** The languages that there are texts in, each in its own name; and one that was chosen by another way. */
function locales(chosen: string | null): { id: string; name: string }[] {
  const offered = Object.entries(offeredLocales).map(([id, name]) => ({ id, name }))
  if (chosen === null || offered.some(({ id }) => id === chosen)) return offered
  const name = new Intl.DisplayNames([chosen, 'en'], { type: 'language' }).of(chosen) ?? chosen
  return [...offered, { id: chosen, name }]
}

function digests(chosen: number | null): number[] {
  const others = chosen === null || chosen === 0 || usualDigests.includes(chosen) ? [] : [chosen]
  return [...usualDigests, ...others].sort((one, other) => one - other)
}

/** A time that was chosen cannot be taken away again in Slack: a tick says whether it counts. */
function quietInputs({ quietFrom, quietTo }: Preferences, { locale, timeZone }: Reader): InputBlock[] {
  const { settings } = wordsOf(locale).home
  const tick = option({ id: 'quiet', name: settings.quietOption })
  const time = (blockId: string, label: string, initial: string, hint?: string): InputBlock => ({
    type: 'input',
    block_id: blockId,
    label: plain(label),
    ...(hint === undefined ? {} : { hint: plain(hint, 150) }),
    element: { type: 'timepicker', action_id: 'value', initial_time: initial },
  })
  return [
    {
      type: 'input',
      block_id: settingsBlocks.quiet,
      label: plain(settings.quiet),
      optional: true,
      element: {
        type: 'checkboxes',
        action_id: 'value',
        options: [tick],
        ...(quietFrom === null ? {} : { initial_options: [tick] }),
      },
    },
    time(settingsBlocks.quietFrom, settings.quietFrom, quietFrom ?? usualQuiet.from),
    time(
      settingsBlocks.quietTo,
      settings.quietTo,
      quietTo ?? usualQuiet.to,
      settings.quietHint(timeZone.replaceAll('_', ' ')),
    ),
  ]
}
