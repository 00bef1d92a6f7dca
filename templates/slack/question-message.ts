import { actions, actionsBlock, button } from './expense-parts.ts'
import { joined, message, quote, type SlackMessage, section } from './text.ts'
import { answerSaid, plainOf } from './words/answer-said.ts'
import { wordsOf } from './words/index.ts'
import type { QuestionAnswer } from './words/told.ts'

/** What we ask about files before anything is made of them. */
export interface QuestionView {
  id: string
  locale: string
  /** By name. */
  files: string[]
  /** Expenses of the same thread that they may be added to, the newest first. */
  candidates: { id: string; number: string }[]
  answer: QuestionAnswer | null
}

/** Each needs a name of its own; more would not stand in a row on a phone. */
const addTo = [actions.addToExpense, actions.addToOther, actions.addToThird] as const

/** Asks with one tap what to make of several files, or of files below an expense; then says what was made. */
export function questionMessage(view: QuestionView): SlackMessage {
  const { files, answer, locale } = view
  const words = wordsOf(locale)
  const { talk } = words
  const names = files.map((name) => quote(name, 60)).join(', ')
  if (answer) {
    const text = answerSaid(answer, files.length, words)
    return message(plainOf(text), [section('answer', text)])
  }
  const candidates = view.candidates.slice(0, addTo.length)
  const numbers = joined(
    candidates.map(({ number }) => number),
    'or',
    locale,
  )
  const question =
    files.length === 1
      ? numbers === ''
        ? talk.fileAlone
        : talk.fileInThread(numbers)
      : numbers === ''
        ? talk.severalFiles(files.length)
        : talk.filesInThread(files.length, numbers)
  const add = addTo.flatMap((actionId, index) => {
    const candidate = candidates[index]
    return candidate ? [button(actionId, talk.addTo(candidate.number), `${view.id} ${candidate.id}`)] : []
  })
  const make =
    files.length === 1
      ? [button(actions.oneEach, talk.newExpense, view.id)]
      : [
          button(actions.oneEach, talk.oneEach, view.id),
          button(actions.together, talk.together(files.length), view.id),
        ]
  return message(`${plainOf(question)} ${names}`, [
    section('question', `${question}\n:paperclip: ${names}`),
    actionsBlock('answers', [...add, ...make]),
  ])
}
