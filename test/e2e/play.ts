import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import {
  type FileToSend,
  type InputValue,
  type SandboxClient,
  type SandboxMail,
  type ShownMessage,
  type ShownView,
  type SubmitOutcome,
  shownButtons,
  shownText,
} from '../../src/sandbox/client.ts'

const at = (name: string) => `${name}@techcorp.example`
export const grace = at('grace.taylor')
export const frank = at('frank.miller')
export const eve = at('eve.davis')
export const bob = at('bob.smith')
export const david = at('david.wilson')
export const alice = at('alice.chen')
export const fay = at('fay.adams')
export const adam = at('adam.root')
export const homer = 'homer.simpson@globex.example'
export const hank = 'hank.scorpio@globex.example'

/** The receipt of the demo: a real photograph to read. */
export async function realReceipt(): Promise<FileToSend> {
  const bytes = await readFile(join(import.meta.dirname, '../../config/receipt.example.jpg'))
  return { name: 'receipt.jpg', bytes }
}

let papers = 0
/** A picture that nobody posted before, with nothing on it: reading it takes no time, and the person types it all. */
export async function blankPaper(): Promise<FileToSend> {
  papers += 1
  const background = { r: 255, g: 255, b: 255 - (papers % 40) }
  const width = 200 + papers + (process.pid % 97)
  const bytes = await sharp({ create: { width, height: 260, channels: 3, background } })
    .jpeg()
    .toBuffer()
  return { name: `paper-${papers}.jpg`, bytes }
}

/** What a person types into the form. Categories and reasons are named as they are shown. */
export interface Typed {
  merchant?: string
  amount?: string
  currency?: string
  date?: string
  category?: string
  reason?: string
  attendees?: string
  note?: string
  costCentre?: string
  /** The request to spend that it draws on, by its number. */
  request?: string
}

const lunch: Typed = {
  merchant: 'Corner Shop',
  amount: '12.50',
  currency: 'USD',
  date: '2026-01-15',
  category: 'Meals',
}

/** A person at work with Outlay in Slack: what the demo's Grace and Frank do, for any person. */
export class Person {
  readonly email: string
  readonly #slack: () => SandboxClient

  /** `slack` is asked anew for each step, because a sandbox may come back at another address. */
  constructor(email: string, slack: () => SandboxClient) {
    this.email = email
    this.#slack = slack
  }

  get #people(): SandboxClient {
    return this.#slack()
  }

  async id(): Promise<string> {
    const found = (await this.#people.people()).find(({ email }) => email === this.email)
    if (!found) throw new Error(`${this.email} is not in the workspace`)
    return found.id
  }

  /** Drops files into the bot's conversation. */
  post(files: FileToSend[], text?: string) {
    return this.#people.postMessage({ as: this.email, channel: 'dm', files, ...(text ? { text } : {}) })
  }

  /** The replies to a message of theirs. */
  async replies(ts: string): Promise<ShownMessage[]> {
    return (await this.#people.replies({ as: this.email, channel: 'dm', ts })).slice(1)
  }

  async messages(): Promise<ShownMessage[]> {
    return this.#people.messages({ as: this.email, channel: 'dm' })
  }

  /** Waits for a reply in a thread that contains `words`. */
  reply(ts: string, words: string | RegExp): Promise<ShownMessage> {
    return this.#people.waitFor(
      async () => (await this.replies(ts)).find((message) => contains(message, words)),
      {
        what: `“${words}” in the thread of ${this.email}`,
        timeoutMs: 25_000,
      },
    )
  }

  /** Waits for the draft that a posted receipt becomes. */
  async draft(files?: FileToSend[]): Promise<Draft> {
    const posted = await this.post(files ?? [await blankPaper()])
    return this.draftOf(posted.ts)
  }

  /** Waits until we ask what to make of the files of a message, and answers by this button. */
  async answerAboutFiles(thread: string, label: string | RegExp): Promise<ShownMessage> {
    const question = await this.#people.waitFor(
      async () =>
        (await this.replies(thread)).find((reply) => labels(reply).some((one) => matches(one, label))),
      { what: `the question about the files of ${this.email}`, timeoutMs: 25_000 },
    )
    const button = shownButtons(question).find(({ text }) => matches(text, label))
    await this.click(question.ts, button?.actionId ?? '')
    return question
  }

  async draftOf(thread: string, timeoutMs = 25_000): Promise<Draft> {
    const message = await this.#people.waitFor(
      async () => (await this.replies(thread)).find((reply) => hasButton(reply, 'Edit', 'Submit')),
      { what: `the draft of ${this.email}`, timeoutMs },
    )
    const number = numberIn(message)
    const id = shownButtons(message).find(({ actionId }) => actionId === 'expense.edit')?.value ?? ''
    return { thread, ts: message.ts, number, id }
  }

  /** Presses a button that is shown. */
  click(ts: string, actionId: string): Promise<void> {
    return this.#people.click({ as: this.email, channel: 'dm', ts, actionId })
  }

  /** Opens a form by a button and waits until it is filled in. */
  async openForm(ts: string, actionId: string, callbackId: string): Promise<ShownView> {
    await this.click(ts, actionId)
    return this.#people.waitFor(
      async () => {
        const view = await this.#people.openView(this.email)
        return view?.callback_id === callbackId && view
      },
      { what: `the form ${callbackId}` },
    )
  }

  /** Opens the expense's form, by Submit where something is missing and by Edit otherwise. */
  async openExpense(draft: Draft): Promise<ShownView> {
    const message = (await this.replies(draft.thread)).find(({ ts }) => ts === draft.ts)
    const action = message && hasAction(message, 'expense.complete') ? 'expense.complete' : 'expense.edit'
    return this.openForm(draft.ts, action, 'expense.edit')
  }

  /** Submits the form on the screen. */
  async fill(view: ShownView, typed: Typed): Promise<SubmitOutcome> {
    const { category, reason, costCentre, request: requestId, currency, ...texts } = typed
    const values: Record<string, InputValue> = { ...texts }
    const chosen = { category, reason, costCentre, requestId, currency: currency?.toUpperCase() }
    for (const [block, label] of Object.entries(chosen)) {
      if (label !== undefined) values[block] = await this.option(view, block, label)
    }
    return this.#people.submitView({ as: this.email, values })
  }

  /** The value of what a menu of the form on the screen offers: as it stands there, or when its name is typed. */
  async option(view: ShownView, block: string, label: string): Promise<string> {
    const element = view.blocks.find(({ block_id }) => block_id === block)?.element
    if (element?.type !== 'external_select') return optionOf(view, block, label)
    const offered = await this.suggest(block, label)
    const found = offered.find(({ text }) => text === label || text.startsWith(`${label} `))
    if (!found) throw new Error(`the form offers no “${label}”`)
    return found.value
  }

  /** Completes a draft of a blank paper and submits it, in one form. What it looks like is said to be another one. */
  async complete(draft: Draft, typed: Typed = {}): Promise<Draft> {
    let outcome = await this.fill(await this.openExpense(draft), { ...lunch, ...typed })
    if (outcome.kind === 'view') outcome = await this.sayAnother(outcome.view)
    if (outcome.kind !== 'closed')
      throw new Error(`the form was not accepted: ${JSON.stringify(outcome).slice(0, 500)}`)
    return draft
  }

  /** Types an amount into the form on the screen, and splits it. */
  async split(amount: string): Promise<void> {
    await this.press('value', { blockId: 'amount', value: amount })
    await this.#people.waitFor(
      async () => {
        const view = await this.#people.openView(this.email)
        return view?.blocks.some(({ block_id }) => block_id === 'split_actions')
      },
      { what: 'that there is something to split' },
    )
    await this.press('split.begin')
  }

  /** Ticks in the form on the screen that it is another one, and submits it. */
  sayAnother(form: ShownView): Promise<SubmitOutcome> {
    const question = form.blocks.find(({ block_id }) => block_id === 'differsFrom')
    const differsFrom = question?.element?.options?.flatMap(({ value }) => value ?? []) ?? []
    return this.submitForm({ differsFrom })
  }

  /** From a blank paper to a submitted expense. */
  async submit(typed: Typed = {}): Promise<Draft> {
    return this.complete(await this.draft(), typed)
  }

  /** Types a slash command. */
  command(text: string): Promise<void> {
    return this.#people.command({ as: this.email, text })
  }

  /** Types a slash command and waits for the form that it opens. */
  async commandForm(text: string, callbackId: string): Promise<ShownView> {
    await this.command(text)
    return this.form(callbackId)
  }

  /** Waits until a form is on the screen and filled in. */
  form(callbackId: string): Promise<ShownView> {
    return this.#people.waitFor(
      async () => {
        const view = await this.#people.openView(this.email)
        return view?.callback_id === callbackId && view
      },
      { what: `the form ${callbackId} of ${this.email}` },
    )
  }

  /** Waits until the form on the screen says something. */
  formSaying(words: string | RegExp): Promise<ShownView> {
    return this.#people.waitFor(
      async () => {
        const view = await this.#people.openView(this.email)
        return view && matches(said(view), words) && view
      },
      { what: `“${words}” in the form of ${this.email}` },
    )
  }

  /** Presses a button in the form on the screen, or types into one of its inputs and presses Enter. */
  press(actionId: string, where: { blockId?: string; value?: string } = {}): Promise<void> {
    return this.#people.click({ as: this.email, on: 'modal', actionId, ...where })
  }

  submitForm(values: Record<string, InputValue | null>): Promise<SubmitOutcome> {
    return this.#people.submitView({ as: this.email, values })
  }

  closeForm(): Promise<void> {
    return this.#people.closeView(this.email)
  }

  /** Starts something without a receipt by its command, and waits for its draft in the conversation with the bot. */
  async start(
    command: string,
    values: Record<string, InputValue>,
    chosen: Typed = {},
  ): Promise<ShownMessage> {
    const view = await this.commandForm(`/expense ${command}`, 'expense.start')
    const before = new Set((await this.messages()).map(({ ts }) => ts))
    const outcome = await this.fill(view, { ...chosen, ...values })
    if (outcome.kind !== 'closed') throw new Error(`not accepted: ${JSON.stringify(outcome).slice(0, 500)}`)
    return this.#people.waitFor(
      async () => (await this.messages()).find((one) => !before.has(one.ts) && hasButton(one, 'Submit')),
      { what: `the draft of ${this.email} after ${command}`, timeoutMs: 25_000 },
    )
  }

  /** Waits until a message in the conversation with the bot says something. */
  message(ts: string, words: string | RegExp): Promise<ShownMessage> {
    return this.#people.waitFor(
      async () => (await this.messages()).find((message) => message.ts === ts && contains(message, words)),
      { what: `“${words}” in the message ${ts} of ${this.email}`, timeoutMs: 25_000 },
    )
  }

  /** Opens App Home and waits until it says something. */
  async home(words: string | RegExp): Promise<ShownView> {
    return this.#people.waitFor(
      async () => {
        const view = await this.#people.home(this.email)
        return view && matches(said(view), words) && view
      },
      { what: `“${words}” in App Home of ${this.email}`, timeoutMs: 25_000 },
    )
  }

  /** Opens App Home until it does not say something any more. */
  async homeWithout(words: string): Promise<ShownView> {
    return this.#people.waitFor(
      async () => {
        const view = await this.#people.home(this.email)
        return view && !said(view).includes(words) && view
      },
      { what: `“${words}” to go from App Home of ${this.email}`, timeoutMs: 25_000 },
    )
  }

  /** Presses a button in App Home. */
  pressAtHome(actionId: string, value?: string): Promise<void> {
    return this.#people.click({ as: this.email, on: 'home', actionId, ...(value ? { value } : {}) })
  }

  /** Lets somebody decide for them by the form: a colleague who is searched by name, and days. */
  async delegate(name: string, values: Record<string, InputValue>): Promise<SubmitOutcome> {
    await this.commandForm('/expense delegate', 'person.delegate')
    const [found] = await this.suggestColleagues(name)
    return this.submitForm({ delegate: found?.value ?? '', ...values })
  }

  /** What a menu of the form on the screen offers for what is typed. */
  suggest(blockId: string, query: string): Promise<{ text: string; value: string }[]> {
    return this.#people.suggest({ as: this.email, on: 'modal', actionId: 'value', blockId, query })
  }

  /** What the form of a delegation offers for what is typed. */
  suggestColleagues(query: string): Promise<{ text: string; value: string }[]> {
    return this.suggest('delegate', query)
  }

  /** Waits for the mail with a code about this expense, newer than `seen` others, and reads the code. */
  async code(number: string, seen = 0): Promise<string> {
    const mail = await this.#people.waitFor(
      async () =>
        (await this.#people.mails({ to: this.email })).filter(
          ({ subject }) => subject.startsWith('Your code') && subject.includes(number),
        )[seen],
      { what: `the code about ${number} for ${this.email}`, timeoutMs: 25_000 },
    )
    const [code] = /^\d{3} ?\d{3}$/m.exec(mail.text) ?? []
    if (!code) throw new Error(`no code in: ${mail.text}`)
    return code
  }

  /** Every card about this expense that this person was ever sent. */
  async cards(number: string): Promise<ShownMessage[]> {
    return (await this.messages()).filter((message) => message.bot_id && isAbout(message, number))
  }

  /** Waits for the card that asks this person. */
  card(number: string): Promise<ShownMessage> {
    return this.#people.waitFor(
      async () => (await this.cards(number)).find((card) => hasAction(card, 'approval.approve')),
      { what: `the card about ${number} for ${this.email}`, timeoutMs: 25_000 },
    )
  }

  /** Waits until a card asks for no decision any more. */
  closedCard(ts: string): Promise<ShownMessage> {
    return this.#people.waitFor(
      async () =>
        (await this.messages()).find((card) => card.ts === ts && !hasAction(card, 'approval.approve')),
      { what: `the card of ${this.email} to close`, timeoutMs: 25_000 },
    )
  }

  /** Waits for the card, approves, and waits until the card says so. */
  async approve(number: string): Promise<ShownMessage> {
    const card = await this.card(number)
    await this.click(card.ts, 'approval.approve')
    return this.closedCard(card.ts)
  }

  /** Rejects or sends back with a reason, or asks a question. */
  async giveReason(
    ts: string,
    verdict: 'reject' | 'send_back' | 'ask',
    words: string,
  ): Promise<SubmitOutcome> {
    await this.openForm(ts, `approval.${verdict}`, 'approval.decide')
    return this.#people.submitView({ as: this.email, values: { comment: words } })
  }

  /** Answers an approver's question from any message that offers to. */
  async answer(ts: string, words: string): Promise<SubmitOutcome> {
    await this.openForm(ts, 'expense.answer', 'expense.answer')
    return this.#people.submitView({ as: this.email, values: { comment: words } })
  }

  /** Opens the list of what waits for them, from a message or else from App Home. */
  async openSeveral(ts?: string): Promise<ShownView> {
    if (ts !== undefined) return this.openForm(ts, 'approval.several', 'approval.several')
    await this.home('Approve several')
    await this.pressAtHome('approval.several')
    return this.form('approval.several')
  }

  /** Ticks these of what waits for them, named by number, and approves them. */
  async approveSeveral(view: ShownView, numbers: string[]): Promise<SubmitOutcome> {
    const values: Record<string, InputValue> = {}
    for (const { block_id, elements = [] } of view.blocks) {
      const chosen = elements
        .flatMap(({ options = [] }) => options)
        .filter(({ description }) => numbers.some((number) => description?.text.includes(number)))
      if (block_id && chosen.length > 0) values[block_id] = chosen.map(({ value }) => value ?? '')
    }
    return this.#people.submitView({ as: this.email, values })
  }

  /** The mails that brought this expense's document, oldest first. */
  async mails(number: string): Promise<SandboxMail[]> {
    return (await this.#people.mails({ to: this.email })).filter(({ attachments }) =>
      attachments.some(({ name }) => name === `${number}.pdf`),
    )
  }

  /** Waits for the mail with the document. */
  mail(number: string): Promise<SandboxMail> {
    return this.#people.waitFor(async () => (await this.mails(number))[0], {
      what: `the mail about ${number} to ${this.email}`,
      timeoutMs: 25_000,
    })
  }
}

export interface Draft {
  /** The person's own message; the expense is a reply to it. */
  thread: string
  ts: string
  number: string
  id: string
}

/** What a message says. Amounts are written with a space that does not break; tests write a plain one. */
export const said = (message: Parameters<typeof shownText>[0] = {}) =>
  shownText(message).replaceAll('\u00a0', ' ')

export function contains(message: ShownMessage, words: string | RegExp): boolean {
  return matches(said(message), words)
}

function matches(text: string, words: string | RegExp): boolean {
  return typeof words === 'string' ? text.includes(words) : words.test(text)
}

export const hasButton = (message: ShownMessage, ...labels: string[]) =>
  shownButtons(message).some(({ text }) => labels.includes(text))
export const hasAction = (message: ShownMessage, actionId: string) =>
  shownButtons(message).some((button) => button.actionId === actionId)
export const labels = (message: ShownMessage) => shownButtons(message).map(({ text }) => text)

export function numberIn(message: ShownMessage): string {
  const number = /(EXP|REQ)-\d{4}-\d+/.exec(said(message))?.[0]
  if (!number) throw new Error(`no expense number in: ${said(message)}`)
  return number
}

/** The value of what a menu of a form shows: by all its words, or the first of them. */
export function optionOf(view: ShownView, block: string, label: string): string {
  const options = view.blocks.find(({ block_id }) => block_id === block)?.element?.options ?? []
  const value = options.find(({ text: { text } }) => text === label || text.startsWith(`${label} `))?.value
  if (!value) throw new Error(`the form offers no “${label}”`)
  return value
}

/** What the form shows in its inputs, by block: what was entered, else what was filled in. */
export function shownInputs(view: ShownView): Record<string, string | undefined> {
  return Object.fromEntries(
    view.blocks.flatMap(({ block_id, element }) =>
      block_id && element
        ? [
            [
              block_id,
              element.initial_value ?? element.initial_date ?? element.initial_option?.text.text ?? undefined,
            ],
          ]
        : [],
    ),
  )
}

/** Whether a card is about this expense, and does not just name it as the twin of another one. */
function isAbout(card: ShownMessage, number: string): boolean {
  const naming = (card.blocks ?? []).filter(({ block_id }) =>
    ['title', 'number', 'facts'].includes(block_id ?? ''),
  )
  return said({ blocks: naming }).includes(number)
}
