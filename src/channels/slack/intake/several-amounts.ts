import { joined } from '../../../../templates/slack/text.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import type { Reader } from '../../../features/people/index.ts'
import { formatMoney, type Money } from '../../../kernel/money.ts'

/** More than this nobody has to be shown. */
const mostShown = 5

/** What we answer to a text in which several amounts stand. */
export function severalAmounts(amounts: readonly Money[], { locale }: Reader): string {
  const shown = amounts.slice(0, mostShown).map((amount) => formatMoney(amount, locale))
  return wordsOf(locale).talk.severalAmounts(joined(shown, 'and', locale))
}
