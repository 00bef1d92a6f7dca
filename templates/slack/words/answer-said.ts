import { joined } from '../../expense-words.ts'
import type { common } from './en/common.ts'
import type { talk } from './en/talk.ts'
import type { QuestionAnswer } from './told.ts'

/** What was made of files, as a sentence in bold. */
export function answerSaid(
  answer: QuestionAnswer,
  count: number,
  words: { talk: typeof talk; common: typeof common },
): string {
  const { talk, common } = words
  switch (answer.kind) {
    case 'one_each': {
      const numbers = joined(answer.numbers, common.and)
      return count === 1 ? talk.madeNew(numbers) : talk.madeEach(count, numbers)
    }
    case 'together':
      return talk.madeTogether(count, joined(answer.numbers, common.and))
    case 'added':
      return talk.wasAdded(count, answer.number)
    case 'deleted':
      return talk.deletedQuestion
    case 'expired':
      return talk.expiredQuestion
  }
}

/** Without the marks of bold letters: for notifications and screen readers. */
export const plainOf = (text: string) => text.replaceAll('*', '')
