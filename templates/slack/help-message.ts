import { message, quote, type SlackMessage, section } from './text.ts'

const commands: [words: string, what: string][] = [
  ['request', 'asks for money before you spend it'],
  ['mileage', 'claims a drive in your own car'],
  ['per diem', 'claims days away at a flat rate'],
  ['delegate', 'lets somebody decide for you while you are away'],
  ['delegate end', 'ends that'],
  ['help', 'shows this'],
]

/** What can be done by `/expense`. `unknown`: what was typed and is none of it. */
export function helpMessage(unknown: string | null): SlackMessage {
  const lines = commands.map(([words, what]) => `• \`/expense ${words}\`  ${what}`)
  const problem = unknown === null ? [] : [`I do not know “${quote(unknown, 60)}”. This is what I know:`]
  return message(
    `Drop a receipt into our conversation, or use /expense ${commands.map(([words]) => words).join(', ')}.`,
    [
      section(
        'help',
        [
          ...problem,
          '*Drop a photo or PDF of a receipt* into our conversation, and I read it for you.',
          ...lines,
        ].join('\n'),
      ),
    ],
  )
}
