import type { ModalView } from '@slack/types'
import { approvalsMessage, listMessage, statusMessage } from '../../../../templates/slack/list-message.ts'
import { policyModal } from '../../../../templates/slack/policy-modal.ts'
import { reportMessage } from '../../../../templates/slack/report-message.ts'
import { message, type SlackMessage, section } from '../../../../templates/slack/text.ts'
import type { Words } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import {
  findExpense,
  listOwnExpenses,
  listWaitingExpenses,
  reportOwn,
} from '../../../features/expenses/index.ts'
import { getCompany, listAllCategories, type Person, type Reader } from '../../../features/people/index.ts'
import {
  currentPolicies,
  describeLimit,
  describePolicy,
  describeRule,
} from '../../../features/policy/index.ts'
import { openAndFill } from '../forms/fill-forms.ts'
import type { SlackUser } from '../payloads.ts'
import { asPerson } from '../people/as-person.ts'
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
  return listMessage(lines.slice(0, mostLines), lines.length > mostLines, reader)
}

/** `/expense status 42` */
export async function answerStatus(
  slack: SlackChannel,
  { person, reader, rest, words }: CommandInHand,
): Promise<SlackMessage> {
  if (rest === '') return sentence(words.talk.statusWhich)
  const lines = await asPerson(slack, person, (tx) => findExpense(tx, rest))
  return statusMessage(lines, rest, { personId: person.id, reader })
}

/** `/expense approvals` */
export async function answerApprovals(
  slack: SlackChannel,
  { person, reader }: CommandInHand,
): Promise<SlackMessage> {
  const waiting = await asPerson(slack, person, (tx) => listWaitingExpenses(tx, { limit: mostLines + 1 }))
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
  const company = await getCompany(tx)
  const current = await currentPolicies(tx)
  const names = (await listAllCategories(tx)).map(({ key, name }) => [key, name] as const)
  const setting = { currency: company.currency, locale: company.locale, categoryNames: new Map(names) }
  const { policies = [], rules = [], limits = [] } = current?.document ?? {}
  return policyModal({
    locale,
    version: current?.number ?? null,
    policies: policies.filter(isActive).map((one) => `${one.name}: ${describePolicy(one, setting)}`),
    rules: rules.filter(isActive).map((one) => `${one.name}: ${describeRule(one, setting)}`),
    limits: limits.filter(isActive).map((one) => `${one.name}: ${describeLimit(one, setting)}`),
  })
}

const isActive = ({ active }: { active: boolean }) => active
