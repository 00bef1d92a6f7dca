import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { SandboxClient, type ShownMessage, shownButtons, shownText } from './sandbox/client.ts'

/**
 * The main job without a browser, on a throw-away company: Grace drops a receipt into the bot's conversation, it is
 * read and checked, every approver of the plan approves by button, and the PDF is mailed. Everything goes over the
 * sandbox's HTTP, as people's clicks do. Exits with 0 only if all of it happened.
 */
const submitter = 'grace.taylor@techcorp.example'
const finance = 'fay.adams@techcorp.example'

interface DemoExpense {
  number: string
  source: 'slack' | 'email'
  merchant: string
  date: string
  total: string
  currency: string
  status: string
  decidedBy: string[]
  channel: string
  pdf: string
}

const { values: options } = parseArgs({
  options: { receipt: { type: 'string' }, json: { type: 'boolean', default: false } },
})
const startedAt = performance.now()

function step(text: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)
  process.stdout.write(`${seconds} s  ${text}\n`)
}

async function main(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'outlay-demo-'))
  const program = await startProgram(home)
  try {
    step(`Outlay runs at ${program.url} with an embedded database, queue, Slack workspace and mailbox`)
    const people = await connect(home)
    const expense = await playSlack(
      people,
      options.receipt ?? join(import.meta.dirname, '../config/receipt.example.jpg'),
    )
    const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(1))
    step('Everything happened.')
    if (options.json) process.stdout.write(`${JSON.stringify({ expenses: [expense], seconds })}\n`)
  } finally {
    await program.stop()
    await rm(home, { recursive: true, force: true })
  }
}

/** `npm start` in a process of its own, on free ports. */
async function startProgram(home: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { OUTLAY_HOME: home, PORT: '0', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      const ready = /outlay ready (\S+)/.exec(text.toString())
      if (ready?.[1]) resolve(ready[1])
      else process.stderr.write(text)
    })
    child.once('exit', (code) => reject(new Error(`Outlay ended at its start, with ${code}`)))
  })
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function connect(home: string): Promise<SandboxClient> {
  const endpoint = z
    .object({ url: z.string(), adminKey: z.string() })
    .parse(JSON.parse(await readFile(join(home, 'sandbox/endpoint.json'), 'utf8')))
  return new SandboxClient(endpoint.url, endpoint.adminKey)
}

/** The Slack half: posted, read, completed where unsure, submitted, approved step by step, mailed. */
async function playSlack(people: SandboxClient, file: string): Promise<DemoExpense> {
  const bytes = await readFile(file)
  const posted = await people.postMessage({
    as: submitter,
    channel: 'dm',
    files: [{ name: basename(file), bytes }],
  })
  step(`Grace posts ${basename(file)} to the bot`)
  const thread = { as: submitter, channel: 'dm' as const, ts: posted.ts }
  const reply = (what: string, check: (message: ShownMessage) => boolean) =>
    people.waitFor(async () => (await people.replies(thread)).slice(1).find(check), {
      what,
      timeoutMs: 60_000,
    })
  const draft = await reply('the reading', (message) => hasButton(message, 'Submit'))
  step(`The thread shows what was read:\n${indent(shownText(draft))}`)
  await submit(people, draft)
  const waiting = await reply(
    'the submission',
    (message) => !hasButton(message, 'Submit') && /EXP-\d+/.test(shownText(message)),
  )
  const number = /EXP-\d{4}-\d+/.exec(shownText(waiting))?.[0] ?? ''
  step(`Grace submits ${number}`)
  const decidedBy = await approveEveryStep(people, number)
  const done = await reply('the approval in the thread', (message) =>
    shownText(message).includes('is approved'),
  )
  step(`Grace's thread says: ${shownText(done).split('\n')[0]}`)
  const pdf = await receivePdf(people, number)
  return { number, source: 'slack', ...readFacts(done), status: 'approved', decidedBy, channel: 'slack', pdf }
}

/** Presses Submit; where something is missing or unsure, fills in the form as the employee would. */
async function submit(people: SandboxClient, draft: ShownMessage): Promise<void> {
  const target = { as: submitter, channel: 'dm' as const, ts: draft.ts }
  const text = shownText(draft)
  const isUnsure = text.includes('please check') || text.includes('Please fill in')
  if (!isUnsure) return people.click({ ...target, actionId: 'expense.submit' })
  const needsForm = text.includes('Please fill in')
  await people.click({ ...target, actionId: needsForm ? 'expense.complete' : 'expense.edit' })
  const view = await people.waitFor(
    async () => {
      const shown = await people.openView(submitter)
      return shown?.callback_id === 'expense.edit' ? shown : null
    },
    { what: 'the form' },
  )
  const empty = emptyInputs(view)
  const typed = Object.fromEntries(Object.entries(whatGraceKnows).filter(([block]) => empty.includes(block)))
  step(
    `Grace checks the form${
      empty.length > 0
        ? ` and types ${Object.entries(typed)
            .map(([block, value]) => `${block} ${value}`)
            .join(', ')}`
        : ''
    }`,
  )
  const outcome = await people.submitView({ as: submitter, values: typed })
  if (outcome.kind !== 'closed') throw new Error(`the form was not accepted: ${JSON.stringify(outcome)}`)
  if (!needsForm) {
    const saved = await people.waitFor(
      async () =>
        (await people.replies({ as: submitter, channel: 'dm', ts: draft.thread_ts ?? draft.ts })).find(
          (message) =>
            message.ts === draft.ts &&
            hasAction(message, 'expense.submit') &&
            !shownText(message).includes('please check'),
        ),
      { what: 'the saved draft' },
    )
    await people.click({ ...target, ts: saved.ts, actionId: 'expense.submit' })
  }
}

/** What the employee types where the reading found nothing: the paper is in her hand. */
const whatGraceKnows: Record<string, string> = {
  merchant: 'Corner Shop',
  amount: '12.50',
  currency: 'USD',
  date: '2026-01-15',
  category: 'Meals',
}

/** The inputs of the form that show nothing. */
function emptyInputs(view: { blocks: unknown[] }): string[] {
  const input = z.object({
    type: z.literal('input'),
    block_id: z.string(),
    optional: z.boolean().optional(),
    element: z.object({
      initial_value: z.string().optional(),
      initial_date: z.string().optional(),
      initial_option: z.unknown().optional(),
    }),
  })
  return view.blocks.flatMap((block) => {
    const parsed = input.safeParse(block)
    if (!parsed.success || parsed.data.optional) return []
    const { initial_value, initial_date, initial_option } = parsed.data.element
    return (initial_value ?? initial_date ?? initial_option) === undefined ? [parsed.data.block_id] : []
  })
}

/** Everybody who is asked approves by button, until nobody is. */
async function approveEveryStep(people: SandboxClient, number: string): Promise<string[]> {
  const everybody = (await people.people()).filter(({ email }) => email.endsWith('@techcorp.example'))
  const decidedBy: string[] = []
  const isDone = async () =>
    (await people.mails({ to: submitter })).some(({ subject }) => subject.includes(number))
  await people.waitFor(
    async () => {
      for (const { email, name } of everybody) {
        const cards = await people.messages({ as: email, channel: 'dm' })
        const card = cards.find(
          (message) => shownText(message).includes(number) && hasAction(message, 'approval.approve'),
        )
        if (!card) continue
        step(`${name} gets the card:\n${indent(shownText(card))}`)
        await people.click({ as: email, channel: 'dm', ts: card.ts, actionId: 'approval.approve' })
        await people.waitFor(
          async () =>
            (await people.messages({ as: email, channel: 'dm' })).some(
              (message) => message.ts === card.ts && !hasAction(message, 'approval.approve'),
            ),
          { what: `${name}'s card to show the decision` },
        )
        step(`${name} presses Approve; the card has no buttons any more`)
        decidedBy.push(name)
      }
      return isDone()
    },
    { what: 'all approvals and the mailed document', timeoutMs: 60_000, everyMs: 100 },
  )
  return decidedBy
}

/** Both mails carry the same PDF; it is kept for whoever wants to look. */
async function receivePdf(people: SandboxClient, number: string): Promise<string> {
  const [own, theirs] = await Promise.all(
    [submitter, finance].map((to) =>
      people.waitFor(
        async () => (await people.mails({ to })).find(({ subject }) => subject.includes(number)),
        { what: `the mail to ${to}` },
      ),
    ),
  )
  const pdf = own?.attachments[0]
  if (!pdf?.bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) throw new Error('the mail carries no PDF')
  if (!theirs?.attachments[0]?.bytes.equals(pdf.bytes)) throw new Error('finance got another document')
  const path = join(tmpdir(), `${number}.pdf`)
  await writeFile(path, pdf.bytes)
  step(`The PDF is mailed to Grace (“${own?.subject}”) and finance (“${theirs?.subject}”): ${path}`)
  return path
}

/** What the thread's message shows, taken from its fields. */
function readFacts(message: ShownMessage): Pick<DemoExpense, 'merchant' | 'date' | 'total' | 'currency'> {
  // Slack's escapes, and the marks that keep a merchant's * and _ from formatting, are not part of the facts.
  const text = shownText(message)
    .replace(/\u200b/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
  const fact = (label: string) => new RegExp(`\\*?${label}\\*?:?\\s*\\n(.*)`).exec(text)?.[1]?.trim() ?? ''
  const [currency = '', total = ''] = fact('Amount')
    .replace(/\(.*\)/, '')
    .trim()
    .split(/\s+/)
  return {
    merchant: fact('Merchant'),
    date: new Date(`${fact('Date')} UTC`).toISOString().slice(0, 10),
    total: total.replace(/,/g, ''),
    currency,
  }
}

const hasButton = (message: ShownMessage, text: string) =>
  shownButtons(message).some((button) => button.text === text)
const hasAction = (message: ShownMessage, actionId: string) =>
  shownButtons(message).some((button) => button.actionId === actionId)
const indent = (text: string) => text.replace(/^/gm, '           ')

main().catch((error: unknown) => {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
