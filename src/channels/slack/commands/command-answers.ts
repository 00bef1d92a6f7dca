import type { ModalView } from '@slack/types'
import {
  approvalsMessage,
  latestMessage,
  listMessage,
  statusMessage,
} from '../../../../templates/slack/list-message.ts'
import { policyModal } from '../../../../templates/slack/policy-modal.ts'
import { reportMessage } from '../../../../templates/slack/report-message.ts'
import { message, type SlackMessage, section } from '../../../../templates/slack/text.ts'
import { type Words, wordsOf } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import {
  findExpense,
  listOwnExpenses,
  listWaitingExpenses,
  reportOwn,
} from '../../../features/expenses/index.ts'
import {
  getCompany,
  listAllCategories,
  namesOfLevels,
  type Person,
  type Reader,
} from '../../../features/people/index.ts'
import {
  currentPolicies,
  describeLimit,
  describePolicy,
  describeRule,
} from '../../../features/policy/index.ts'
import { openAndFill } from '../forms/fill-forms.ts'
import type { SlackUser } from '../payloads.ts'
import { asPerson } from '../people/as-person.ts'
import { linesFor, waitingFor } from '../people/in-their-language.ts'
import type { SlackChannel } from '../slack-channel.ts'

/** A command of somebody whom we know. */
export interface CommandInHand {
  who: SlackUser
  trigger: string
  /** As it was typed after `/expense`. */
  text: string
  /** What stands behind the name of the command. */
  rest: string
  person: Person
  reader: Reader
  words: Words
}

/** More would not be read in a note; App Home has them all. */
const mostLines = 10

/** `/expense list` */
export async function answerList(
  slack: SlackChannel,
  { person, reader }: CommandInHand,
): Promise<SlackMessage> {
  const lines = await asPerson(slack, person, (tx) => listOwnExpenses(tx, { limit: mostLines + 1 }))
  return listMessage(linesFor(lines.slice(0, mostLines), reader), lines.length > mostLines, reader)
}

/** `/expense status 42`; without a number the newest. */
export async function answerStatus(
  slack: SlackChannel,
  { person, reader, rest }: CommandInHand,
): Promise<SlackMessage> {
  const self = { personId: person.id, reader }
  if (rest === '') {
    const latest = await asPerson(slack, person, (tx) => listOwnExpenses(tx, { limit: 1 }))
    return latestMessage(linesFor(latest, reader)[0] ?? null, self)
  }
  const lines = await asPerson(slack, person, (tx) => findExpense(tx, rest))
  return statusMessage(linesFor(lines, reader), rest, self)
}

/** `/expense approvals` */
export async function answerApprovals(
  slack: SlackChannel,
  { person, reader }: CommandInHand,
): Promise<SlackMessage> {
  const found = await asPerson(slack, person, (tx) => listWaitingExpenses(tx, { limit: mostLines + 1 }))
  const waiting = waitingFor(found, reader)
  return approvalsMessage(waiting.slice(0, mostLines), waiting.length > mostLines, reader)
}

/** `/expense report 2026-10` */
export async function answerReport(
  slack: SlackChannel,
  { person, reader, rest }: CommandInHand,
): Promise<SlackMessage> {
  const report = await asPerson(slack, person, (tx) => reportOwn(tx, rest === '' ? undefined : rest))
  return reportMessage(report, reader)
}

/** `/expense budget`: there are none yet. */
export async function answerBudget(_slack: SlackChannel, { words }: CommandInHand): Promise<SlackMessage> {
  return sentence(words.talk.budget)
}

function sentence(text: string): SlackMessage {
  return message(text, [section('sentence', text)])
}

/** `/expense policy`: the rules of the company, in a form where there is room for them. */
export async function openPolicy(slack: SlackChannel, trigger: string, who: SlackUser): Promise<void> {
  await openAndFill(slack, trigger, { who, title: ({ talk }) => talk.policyTitle, fill: policyForm })
}

async function policyForm(tx: Tx, { locale }: Reader): Promise<ModalView> {
  const { language } = wordsOf(locale)
  const company = await getCompany(tx)
  const current = await currentPolicies(tx)
  const names = (await listAllCategories(tx)).map(({ key, name }) => [key, name] as const)
  const setting = {
    currency: company.currency,
    locale,
    categoryNames: new Map(names),
    levelNames: await namesOfLevels(tx),
  }
  const { policies = [], rules = [], limits = [] } = current?.document ?? {}
  return policyModal({
    locale,
    version: current?.number ?? null,
    policies: policies.filter(isActive).map((one) => inPolicy(one, describePolicy(one, setting, language))),
    rules: rules.filter(isActive).map((one) => inPolicy(one, describeRule(one, setting, language))),
    limits: limits.filter(isActive).map((one) => inPolicy(one, describeLimit(one, setting, language))),
  })
}

const inPolicy = ({ name, clause }: { name: string; clause?: string | undefined }, text: string) => ({
  name,
  clause: clause ?? null,
  text,
})

const isActive = ({ active }: { active: boolean }) => active
