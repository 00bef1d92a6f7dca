import type { RespondArguments } from '@slack/bolt'
import { helpMessage } from '../../../../templates/slack/help-message.ts'
import { escapeText, type SlackMessage } from '../../../../templates/slack/text.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import { namesAmount, namesCents } from '../../../features/expenses/index.ts'
import { nearest } from '../../../kernel/did-you-mean.ts'
import { AppError } from '../../../kernel/errors.ts'
import { endByCommand, openDelegation } from '../forms/delegation-form.ts'
import { openSettings } from '../forms/settings-form.ts'
import { openStart } from '../forms/start-form.ts'
import { commandSchema } from '../payloads.ts'
import { asUser } from '../people/as-person.ts'
import { inWords } from '../people/in-words.ts'
import { meetReader, wordsFor } from '../people/reader.ts'
import { identifyWriter } from '../people/request-access.ts'
import type { SlackChannel } from '../slack-channel.ts'
import {
  answerApprovals,
  answerBudget,
  answerList,
  answerReport,
  answerStatus,
  type CommandInHand,
  openPolicy,
} from './command-answers.ts'
import { draftFromCommand } from './command-draft.ts'

/** What was typed after `/expense`, and by whom. */
interface Typed {
  who: { teamId: string; userId: string }
  trigger: string
  /** As it was typed. */
  text: string
}

type Open = (slack: SlackChannel, typed: Typed) => Promise<void>
type Answer = (slack: SlackChannel, inHand: CommandInHand) => Promise<SlackMessage>

/** Commands that open a form: at once, as a trigger lives three seconds. Each has its names, the first in English. */
const openers: [names: string[], open: Open][] = [
  [['', 'new', 'neu'], (slack, { trigger, who }) => openStart(slack, trigger, { who, kind: 'receipt' })],
  [['request', 'antrag'], (slack, { trigger, who }) => openStart(slack, trigger, { who, kind: 'request' })],
  [
    ['mileage', 'kilometer', 'kilometergeld', 'fahrt'],
    (slack, { trigger, who }) => openStart(slack, trigger, { who, kind: 'mileage' }),
  ],
  [
    ['per diem', 'perdiem', 'tagessatz', 'tagespauschale'],
    (slack, { trigger, who }) => openStart(slack, trigger, { who, kind: 'per_diem' }),
  ],
  [
    ['delegate end', 'vertretung ende', 'vertretung beenden'],
    (slack, { trigger, who }) => endByCommand(slack, trigger, who),
  ],
  [['delegate', 'vertretung'], (slack, { trigger, who }) => openDelegation(slack, trigger, who)],
  [['settings', 'einstellungen'], (slack, { trigger, who }) => openSettings(slack, trigger, who)],
  [
    ['policy', 'policies', 'rules', 'richtlinie', 'richtlinien', 'regeln'],
    (slack, { trigger, who }) => openPolicy(slack, trigger, who),
  ],
]

/** Commands that are answered with a note that only their person sees. */
const answers: [names: string[], answer: Answer][] = [
  [['list', 'liste'], answerList],
  [['status', 'stand'], answerStatus],
  [['approvals', 'approve', 'freigaben', 'freigabe'], answerApprovals],
  [['report', 'bericht'], answerReport],
  [['budget', 'budgets'], answerBudget],
  [['help', 'hilfe'], async (_slack, { reader }) => helpMessage(reader.locale)],
]

/** What is offered to somebody who mistyped: what works and is in the help. */
const offered = [...openers, ...answers]
  .flatMap(([names]) => names)
  .filter((name) => name !== '' && !name.startsWith('budget'))

/** `/expense …`: opens the form that was asked for, answers, or makes an expense of what was typed. */
export async function runCommand(slack: SlackChannel, body: unknown): Promise<RespondArguments | undefined> {
  const { team_id: teamId, user_id: userId, trigger_id: trigger, text } = commandSchema.parse(body)
  const typed = { who: { teamId, userId }, trigger, text: text.trim() }
  const opener = find(openers, typed.text)
  // “Fahrt zum Flughafen 45 EUR” is an expense, though it begins like a command.
  if (opener && !(opener.rest !== '' && namesAmount(typed.text))) {
    await opener.found(slack, typed)
    return undefined
  }
  try {
    return { response_type: 'ephemeral', ...(await answer(slack, typed)) }
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'user') throw error
    return { response_type: 'ephemeral', text: escapeText(inWords(error, wordsFor(typed.who))) }
  }
}

async function answer(slack: SlackChannel, typed: Typed): Promise<SlackMessage> {
  const met = await asUser(
    slack,
    typed.who,
    async (tx, person) => ({ person, reader: await meetReader(tx, typed.who) }),
    identifyWriter,
  )
  const inHand = { ...typed, rest: '', ...met, words: wordsOf(met.reader.locale) }
  const known = find(answers, typed.text)
  if (known) return known.found(slack, { ...inHand, rest: known.rest })
  const words = normal(typed.text)
  const meant = nearest(words, offered) ?? nearest(words.split(' ')[0] ?? '', offered)
  // “statsu 42” is no expense, but “stamps 9.50” is: a whole number needs its currency where it looks like a command.
  const isClear = !meant || namesAmount(typed.text) || namesCents(typed.text)
  const made = isClear ? await draftFromCommand(slack, inHand) : null
  if (made) return made
  return helpMessage(inHand.reader.locale, { typed: typed.text, meant })
}

/** Case, hyphens and underscores make no difference. */
const normal = (text: string) =>
  text
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim()

/** The command whose name begins the text, with what stands behind it; a longer name wins. */
function find<T>(table: [names: string[], found: T][], text: string): { found: T; rest: string } | null {
  const words = normal(text)
  const named = table
    .flatMap(([names, found]) => names.map((name) => ({ name, found })))
    .filter(({ name }) => (name === '' ? words === '' : words === name || words.startsWith(`${name} `)))
    .sort((a, b) => b.name.length - a.name.length)
  const [first] = named
  return first ? { found: first.found, rest: behind(text, first.name) } : null
}

/** As it was typed: a number keeps its hyphens. */
function behind(text: string, name: string): string {
  const count = name === '' ? 0 : name.split(' ').length
  return text
    .trim()
    .split(/[\s_]+/)
    .slice(count)
    .join(' ')
}
