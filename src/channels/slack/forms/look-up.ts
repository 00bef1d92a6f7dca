import { z } from 'zod'
import {
  type Choice,
  currencyChoice,
  type DescribedChoice,
  none,
  option,
  optionGroup,
} from '../../../../templates/slack/form-inputs.ts'
import { fieldBlocks } from '../../../../templates/slack/form-subject.ts'
import { costCentreChoice } from '../../../../templates/slack/kind-fields.ts'
import { type Words, wordsOf } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import { categoriesUsedFor, recentCurrencies, viewExpense } from '../../../features/expenses/index.ts'
import {
  findColleagues,
  getCompany,
  listCategories,
  listCostCentres,
  listReasons,
} from '../../../features/people/index.ts'
import { AppError } from '../../../kernel/errors.ts'
import { listCurrencies } from '../../../kernel/money.ts'
import { type FilledForm, inputOf, metadataOf, suggestionSchema, teamOf } from '../payloads.ts'
import { asUser } from '../people/as-person.ts'
import { meetReader } from '../people/reader.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { bestFirst } from './best-first.ts'

/** A menu of Slack holds a hundred, “None” included. */
const mostOffered = 99

/** What a menu offers: options, or options under headings. */
export type Offered =
  | { options: ReturnType<typeof option>[] }
  | { option_groups: ReturnType<typeof optionGroup>[] }

/** What somebody types into a menu, and the form that it stands in. */
interface Asked {
  typed: string
  form: FilledForm
  locale: string
  words: Words
}

/** The people whom somebody may mean by what they type. */
export function lookUpColleagues(slack: SlackChannel, body: unknown): Promise<Offered> {
  return lookUp(slack, body, async (tx, { typed }) => {
    const found = await findColleagues(tx, typed, mostOffered)
    return listed(found.map(({ id, name, email }) => ({ id, name, description: email })))
  })
}

/** The cost centres whose code or name contains what is typed. */
export function lookUpCostCentres(slack: SlackChannel, body: unknown): Promise<Offered> {
  return lookUp(slack, body, async (tx, asked) =>
    orNone(asked, (await listCostCentres(tx)).map(costCentreChoice)),
  )
}

/** The reasons whose name contains what is typed. */
export function lookUpReasons(slack: SlackChannel, body: unknown): Promise<Offered> {
  return lookUp(slack, body, async (tx, asked) => orNone(asked, await listReasons(tx)))
}

/** What takes the choice away stands first, and nobody finds it who searches for something else. */
function orNone({ typed, words }: Asked, choices: Choice[]): Offered {
  const all = [none(words), ...choices]
  return listed(typed.trim() === '' ? all : bestFirst(all, typed))
}

/**
 * The categories that are called what is typed or have it as one of their words, the best first. Before anything is typed,
 * first what a doubtful reading suggests and what was used for the merchant.
 */
export function lookUpCategories(slack: SlackChannel, body: unknown): Promise<Offered> {
  return lookUp(slack, body, async (tx, asked) => {
    const all = await listCategories(tx)
    if (asked.typed.trim() !== '') return listed(bestFirst(all, asked.typed))
    const { merchant, doubtful } = await contextOf(tx, asked.form)
    const used = merchant === '' ? [] : await categoriesUsedFor(tx, merchant)
    const { suggested, usedHere, all: everyOne } = asked.words.forms.category
    return grouped([
      { label: suggested, choices: all.filter(({ id }) => id === doubtful) },
      { label: usedHere(merchant), choices: used.flatMap((id) => all.find((one) => one.id === id) ?? []) },
      { label: everyOne, choices: all },
    ])
  })
}

const aboutExpense = z.object({ expenseId: z.uuid() })

/** Where the money of the form was spent, and which category was read without certainty. */
async function contextOf(tx: Tx, form: FilledForm): Promise<{ merchant: string; doubtful: string | null }> {
  const metadata = aboutExpense.safeParse(metadataOf(form))
  const expense = metadata.success ? await viewExpense(tx, metadata.data.expenseId) : null
  const own = expense?.submitter.id === tx.actor.personId ? expense : null
  return {
    merchant: inputOf(form, fieldBlocks.merchant)?.trim() || own?.merchant || '',
    doubtful: own?.uncertain.includes('category') ? (own.category?.id ?? null) : null,
  }
}

/** The currencies whose code or name contains what is typed; first the company's and those used lately. */
export function lookUpCurrencies(slack: SlackChannel, body: unknown): Promise<Offered> {
  return lookUp(slack, body, async (tx, { typed, locale, words }) => {
    const all = listCurrencies().map((code) => currencyChoice(code, locale))
    if (typed.trim() !== '') return listed(bestFirst(all, typed))
    const often = [...new Set([(await getCompany(tx)).currency, ...(await recentCurrencies(tx))])]
    const { often: oftenUsed, all: everyOne } = words.forms.currency
    return grouped([
      { label: oftenUsed, choices: often.map((code) => currencyChoice(code, locale)) },
      { label: everyOne, choices: all },
    ])
  })
}

function listed(choices: DescribedChoice[]): Offered {
  return { options: choices.slice(0, mostOffered + 1).map(option) }
}

/** Nothing stands in the menu twice; a single group needs no heading. */
function grouped(groups: { label: string; choices: Choice[] }[]): Offered {
  const offered = new Set<string>()
  const shown = groups.map(({ label, choices }) => {
    const fresh = choices.filter(({ id }) => !offered.has(id)).slice(0, mostOffered + 1 - offered.size)
    for (const { id } of fresh) offered.add(id)
    return { label, choices: fresh }
  })
  const filled = shown.filter(({ choices }) => choices.length > 0)
  const [only] = filled
  if (filled.length <= 1) return listed(only?.choices ?? [])
  return { option_groups: filled.map(({ label, choices }) => optionGroup(label, choices)) }
}

/** Nothing is offered to somebody whom we do not know. */
async function lookUp(
  slack: SlackChannel,
  body: unknown,
  find: (tx: Tx, asked: Asked) => Promise<Offered>,
): Promise<Offered> {
  const { value, view, ...asked } = suggestionSchema.parse(body)
  const who = { teamId: teamOf(asked), userId: asked.user.id }
  const form = { view: view ?? { private_metadata: '', state: { values: {} } } }
  try {
    return await asUser(slack, who, async (tx) => {
      const { locale } = await meetReader(tx, who)
      return find(tx, { typed: value ?? '', form, locale, words: wordsOf(locale) })
    })
  } catch (error) {
    if (error instanceof AppError && error.kind === 'user') return { options: [] }
    throw error
  }
}
