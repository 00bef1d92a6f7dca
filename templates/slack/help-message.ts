import { header, message, quote, type SlackMessage, section } from './text.ts'
import { type Words, wordsOf } from './words/index.ts'

type Talk = Words['talk']

/** What most people need stands first. */
const groups: [title: keyof Talk['helpGroups'], commands: (keyof Talk['commands'])[]][] = [
  ['submit', ['new', 'mileage', 'perDiem', 'request']],
  ['see', ['status', 'list', 'report', 'policy']],
  ['decide', ['approvals', 'delegate', 'delegateEnd']],
  ['more', ['settings']],
]

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
  const entries = [talk.helpReceipt, talk.helpText, talk.helpShortcut].map((entry) => `• ${entry}`)
  const spoken = Object.values(talk.commands).map(([words = '', what]) => `${typed(words)}: ${what}`)
  return message([problem ?? talk.helpTitle, ...spoken].join('\n'), [
    ...(problem ? [section('unknown', problem)] : []),
    header('help', talk.helpTitle),
    ...groups.map(([title, commands]) => {
      const lines = commands.map((command) => commandLine(talk.commands[command]))
      const all = title === 'submit' ? [...entries, ...lines] : lines
      return section(title, [`*${talk.helpGroups[title]}*`, ...all].join('\n'))
    }),
  ])
}

const typed = (words: string) => `/expense${words === '' ? '' : ` ${words}`}`
const commandLine = ([words = '', what = '']: readonly string[]) => `• \`${typed(words)}\`  ${what}`
