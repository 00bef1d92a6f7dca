import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { type SandboxClient, type ShownMessage, shownButtons, shownText } from '../sandbox/client.ts'
import { type DemoExpense, indent, plain, receiveDocument, submitter, tell, whatGraceKnows } from './story.ts'

/** The Slack half: posted, read, completed where unsure, submitted, approved by button step by step, mailed. */
export async function playSlack(people: SandboxClient, file: string): Promise<DemoExpense> {
  const bytes = await readFile(file)
  const posted = await people.postMessage({
    as: submitter,
    channel: 'dm',
    files: [{ name: basename(file), bytes }],
  })
  tell(`Grace posts ${basename(file)} to the bot`)
  const thread = { as: submitter, channel: 'dm' as const, ts: posted.ts }
  const reply = (what: string, check: (message: ShownMessage) => boolean) =>
    people.waitFor(async () => (await people.replies(thread)).slice(1).find(check), {
      what,
      timeoutMs: 60_000,
    })
  const isReading = (message: ShownMessage) =>
    hasAction(message, 'expense.discard') && !hasAction(message, 'expense.edit')
  const draft = await reply('the reading', (message) => !isReading(message))
  if (!hasAction(draft, 'expense.edit')) throw new Error(plain(shownText(draft)))
  tell(`The thread shows what was read:\n${indent(plain(shownText(draft)))}`)
  await submit(people, draft, reply)
  const waiting = await reply('the submission', (message) => shownText(message).includes('is waiting for'))
  const number = /EXP-\d{4}-\d+/.exec(shownText(waiting))?.[0] ?? ''
  tell(`Grace submits ${number}`)
  const decidedBy = await approveEveryStep(people, number)
  const done = await reply('the approval in the thread', (message) =>
    shownText(message).includes('is approved'),
  )
  tell(`Grace's thread says: ${plain(shownText(done)).split('\n')[0]}`)
  const facts = await receiveDocument(people, number)
  return { number, source: 'slack', status: 'approved', decidedBy, channel: 'slack', ...facts }
}

type Reply = (what: string, check: (message: ShownMessage) => boolean) => Promise<ShownMessage>

/** Presses Submit; where something is missing or unsure, fills in the form as the employee would. */
async function submit(people: SandboxClient, draft: ShownMessage, reply: Reply): Promise<void> {
  const target = { as: submitter, channel: 'dm' as const, ts: draft.ts }
  const needsForm = hasAction(draft, 'expense.complete')
  if (!needsForm && !shownText(draft).includes('please check'))
    return people.click({ ...target, actionId: 'expense.submit' })
  await people.click({ ...target, actionId: needsForm ? 'expense.complete' : 'expense.edit' })
  const form = await people.waitFor(
    async () => {
      const shown = await people.openView(submitter)
      return shown?.callback_id === 'expense.edit' ? shown : null
    },
    { what: 'the form' },
  )
  const empty = emptyInputs(form)
  const typed = Object.fromEntries(Object.entries(whatGraceKnows).filter(([block]) => empty.includes(block)))
  const typing = Object.entries(typed).map(([block, value]) => `${block} ${value}`)
  tell(`Grace checks the form${typing.length > 0 ? ` and types ${typing.join(', ')}` : ''}`)
  const outcome = await people.submitView({ as: submitter, values: await chosen(people, typed) })
  if (outcome.kind !== 'closed') throw new Error(`the form was not accepted: ${JSON.stringify(outcome)}`)
  if (needsForm) return
  const isSaved = (message: ShownMessage) =>
    hasAction(message, 'expense.submit') && !shownText(message).includes('please check')
  const saved = await reply('the saved draft', isSaved)
  await people.click({ ...target, ts: saved.ts, actionId: 'expense.submit' })
}

/** Categories are searched by name, and chosen from what is offered. */
async function chosen(people: SandboxClient, typed: Record<string, string>) {
  const { category, ...others } = typed
  if (category === undefined) return others
  const menu = { as: submitter, on: 'modal' as const, actionId: 'value', blockId: 'category' }
  const [found] = await people.suggest({ ...menu, query: category })
  return { ...others, category: found?.value ?? '' }
}

const inputSchema = z.object({
  type: z.literal('input'),
  block_id: z.string(),
  optional: z.boolean().optional(),
  element: z.object({
    initial_value: z.string().optional(),
    initial_date: z.string().optional(),
    initial_option: z.unknown().optional(),
  }),
})

/** The inputs of the form that show nothing. */
function emptyInputs(view: { blocks: unknown[] }): string[] {
  return view.blocks.flatMap((block) => {
    const parsed = inputSchema.safeParse(block)
    if (!parsed.success || parsed.data.optional) return []
    const { initial_value, initial_date, initial_option } = parsed.data.element
    return (initial_value ?? initial_date ?? initial_option) === undefined ? [parsed.data.block_id] : []
  })
}

/** Everybody who is asked approves by button, until the document is mailed. */
async function approveEveryStep(people: SandboxClient, number: string): Promise<string[]> {
  const everybody = (await people.people()).filter(({ email }) => email.endsWith('@techcorp.example'))
  const decidedBy: string[] = []
  const cardOf = async (email: string) =>
    (await people.messages({ as: email, channel: 'dm' })).find((message) =>
      shownText(message).includes(number),
    )
  await people.waitFor(
    async () => {
      for (const { email, name } of everybody) {
        const card = await cardOf(email)
        if (!card || !hasAction(card, 'approval.approve')) continue
        tell(`${name} gets the card:\n${indent(plain(shownText(card)))}`)
        await people.click({ as: email, channel: 'dm', ts: card.ts, actionId: 'approval.approve' })
        const isSettled = async () => {
          const now = await cardOf(email)
          return now !== undefined && !hasAction(now, 'approval.approve')
        }
        await people.waitFor(isSettled, { what: `${name}'s card to show the decision` })
        tell(`${name} presses Approve; the card says so`)
        decidedBy.push(name)
      }
      const mails = await people.mails({ to: submitter })
      return mails.some(({ subject, attachments }) => subject.includes(number) && attachments.length > 0)
    },
    { what: 'all approvals and the mailed document', timeoutMs: 60_000, everyMs: 100 },
  )
  return decidedBy
}

const hasAction = (message: ShownMessage, actionId: string) =>
  shownButtons(message).some((button) => button.actionId === actionId)
