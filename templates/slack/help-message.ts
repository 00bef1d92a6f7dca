import { message, quote, type SlackMessage, section } from './text.ts'
import { wordsOf } from './words/index.ts'

/**
 * What can be done by `/expense`. `unknown`: what was typed and is none of it; where we can tell, what was meant.
 */
export function helpMessage(
  locale: string,
  unknown: { typed: string; meant: string | null } | null = null,
): SlackMessage {
  const { talk } = wordsOf(locale)
  const problem = unknown && talk.unknownCommand(quote(unknown.typed, 60))
  if (unknown?.meant) {
    const meant = [problem, talk.didYouMean(`/expense ${unknown.meant}`), talk.moreHelp].join(' ')
    return message(meant, [section('unknown', meant)])
  }
  const commands = Object.values(talk.commands).map(
    ([words, what]) => `• \`/expense${words === '' ? '' : ` ${words}`}\`  ${what}`,
  )
  const entries = [talk.helpReceipt, talk.helpText, talk.helpShortcut]
  const spoken = Object.values(talk.commands).map(([words, what]) => `/expense ${words}: ${what}`)
  return message([problem ?? talk.helpTitle, ...spoken].join('\n'), [
    ...(problem ? [section('unknown', problem)] : []),
    section('entries', entries.join('\n')),
    section('commands', commands.join('\n')),
  ])
}
