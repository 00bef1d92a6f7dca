import type { Button, KnownBlock, StaticSelect } from '@slack/types'
import type { ConfirmedValues, ExpenseView, LikelyAnswers } from '../../src/features/expenses/index.ts'
import { formatMoney, toDecimal, tryAmount } from '../../src/kernel/money.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { dateText, plain, section, sectionWith, shorten } from './text.ts'
import { wordsOf } from './words/index.ts'

/** The value of a button that confirms: what it says is what is confirmed, whatever was changed meanwhile. */
const confirmation = (expenseId: string, values: ConfirmedValues) => JSON.stringify({ expenseId, values })

/** The value of an option: Slack takes 150 characters. */
const choiceOf = (expenseId: string, categoryId: string) => `${expenseId} ${categoryId}`

/** One thing to confirm: the likeliest answer, and others where there are some. */
interface Question {
  name: string
  text: string
  answer: Answer
  others: Answer[]
}

interface Answer {
  label: string
  values: ConfirmedValues
}

/** Slack takes 2,000 characters as the value of a button. */
const longestValue = 2000

/**
 * Asks for what was read without certainty, one tap each, and for nothing else. What nobody could read has to be typed,
 * but for the category, which can be chosen.
 */
export function confirmBlocks(view: ExpenseView, answers: LikelyAnswers): KnownBlock[] {
  const { confirm } = wordsOf(view.company.locale).cards
  const questions = questionsOf(view, answers)
  const choose = categorySelect(view, answers)
  const asked = asksForCategory(view, answers) ? choose : null
  if (questions.length === 0 && asked === null) return []
  return [
    ...(questions.length > 0 ? [section('confirm', `:point_right: *${confirm.title}*`)] : []),
    ...questions.flatMap((question) => questionBlocks(view, question, choose)),
    ...(asked ? [sectionWith('choose_category', `:point_right: *${confirm.whichCategory}*`, asked)] : []),
    ...(questions.length > 1 ? [allCorrect(view, questions)] : []),
  ]
}

/** Nothing but the category is missing: the message asks for it itself. For more than that there is the form. */
export const asksForCategory = ({ missing }: ExpenseView, { categories }: LikelyAnswers) =>
  missing.length === 1 && missing[0] === 'category' && categories.length > 0

function questionBlocks(view: ExpenseView, question: Question, choose: StaticSelect | null): KnownBlock[] {
  const { name, text, answer, others } = question
  const yes = answerButton(view, answer, actions.confirm)
  const more = others.map((other, index) =>
    button(
      index === 0 ? actions.confirmOther : actions.confirmThird,
      other.label,
      confirmation(view.id, other.values),
    ),
  )
  const select = name === 'category' && choose ? [choose] : []
  if (more.length + select.length === 0) return [sectionWith(`confirm_${name}`, text, yes)]
  return [
    section(`confirm_${name}`, text),
    actionsBlock(`confirm_${name}_answers`, [yes, ...more, ...select]),
  ]
}

function answerButton({ id, company }: ExpenseView, { label, values }: Answer, actionId: string): Button {
  return button(actionId, wordsOf(company.locale).cards.confirm.yes(label), confirmation(id, values))
}

function allCorrect({ id, company }: ExpenseView, questions: Question[]): KnownBlock {
  const { confirm } = wordsOf(company.locale).cards
  const answers = questions.map(({ answer }) => answer)
  const values: ConfirmedValues = Object.fromEntries(answers.flatMap((one) => Object.entries(one.values)))
  const said = answers.map(({ label }) => label).join(', ')
  return actionsBlock('confirm_all', [
    button(actions.confirmAll, confirm.allCorrect, confirmation(id, values), {
      accessibility_label: shorten(confirm.allCorrectLabel(said), 75),
    }),
  ])
}

function questionsOf(view: ExpenseView, answers: LikelyAnswers): Question[] {
  const asked = [amountQuestion(view, answers), ...plainQuestions(view)]
  return asked.filter(
    (one): one is Question => one !== null && confirmation(view.id, one.answer.values).length <= longestValue,
  )
}

function amountQuestion(
  { amount, uncertain, company, receipts }: ExpenseView,
  { currencies }: LikelyAnswers,
): Question | null {
  const isAmountSure = !uncertain.includes('amount')
  if (!amount || (isAmountSure && !uncertain.includes('currency'))) return null
  const { cards, common } = wordsOf(company.locale)
  const [confirm, fields] = [cards.confirm, common.fields]
  const digits = toDecimal(amount)
  const others = currencies
    .filter((currency) => currency !== amount.currency)
    .flatMap((currency) => tryAmount(digits, currency) ?? [])
  const answer = (money: typeof amount): Answer => ({
    label: formatMoney(money, company.locale),
    values: { amount: toDecimal(money), currency: money.currency },
  })
  // Where only the currency is in doubt, it is asked about: which one we took, or which one it is.
  const aboutCurrency =
    receipts.length === 0
      ? confirm.tookCurrency(amount.currency)
      : others.length > 0
        ? confirm.currency(digits)
        : null
  const text = (isAmountSure ? aboutCurrency : null) ?? `*${fields.amount}*`
  return {
    name: 'amount',
    text,
    answer: answer(amount),
    others: others.slice(0, 2).map(answer),
  }
}

function plainQuestions(view: ExpenseView): (Question | null)[] {
  const { merchant, date, category, uncertain, company, shares, receipts } = view
  const { cards, common } = wordsOf(company.locale)
  const { fields } = common
  const day = dateText(date, company.locale)
  // The value stands in the facts above and on the button: not here as well.
  const ask = (name: 'merchant' | 'date' | 'category', answer: Answer): Question => ({
    name,
    text: `*${fields[name]}*`,
    answer,
    others: [],
  })
  return [
    merchant !== null && uncertain.includes('merchant')
      ? ask('merchant', {
          label: shorten(merchant, 40),
          values: { merchant },
        })
      : null,
    date !== null && uncertain.includes('date')
      ? {
          ...ask('date', { label: day, values: { date } }),
          // Where there is no receipt, it was typed.
          ...(receipts.length === 0 ? { text: cards.confirm.tookDate } : {}),
        }
      : null,
    category !== null && uncertain.includes('category') && shares.length === 0
      ? ask('category', {
          label: shorten(category.name, 40),
          values: { categoryId: category.id },
        })
      : null,
  ]
}

/** Slack takes a hundred options in a group. */
const mostOptions = 100

/** All categories, the likeliest first; null where none is asked for. Nothing is chosen beforehand. */
function categorySelect(view: ExpenseView, { categories, likely }: LikelyAnswers): StaticSelect | null {
  if (categories.length === 0) return null
  const { confirm } = wordsOf(view.company.locale).cards
  const option = ({ id, name }: LikelyAnswers['categories'][number]) => ({
    text: plain(name, 75),
    value: choiceOf(view.id, id),
  })
  const isMissing = view.missing.includes('category')
  // The one that is asked about has a button of its own.
  const offered = isMissing ? categories : categories.filter(({ id }) => id !== view.category?.id)
  const first = isMissing ? likely : likely - 1
  const groups = [
    { label: plain(confirm.likeliest), options: offered.slice(0, Math.max(first, 0)).map(option) },
    {
      label: plain(confirm.categories),
      options: offered.slice(Math.max(first, 0)).slice(0, mostOptions).map(option),
    },
  ].filter(({ options }) => options.length > 0)
  if (groups.length === 0) return null
  return {
    type: 'static_select',
    action_id: actions.chooseCategory,
    placeholder: plain(isMissing ? confirm.choose : confirm.otherCategory),
    ...(groups.length > 1
      ? { option_groups: groups }
      : { options: groups.flatMap(({ options }) => options) }),
  }
}
