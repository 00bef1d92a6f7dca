import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'
import { contains, frank, grace, hasAction, labels, Person, said } from './play.ts'

vi.setConfig({ testTimeout: 60_000 })

let program: RunningProgram
const person = (email: string) => new Person(email, () => program.people)
const [Grace, Frank] = [person(grace), person(frank)]
const codeAbove = (minor: number | null) => program.sql('update company set step_up_over_minor = $1', [minor])

beforeAll(async () => {
  program = await RunningProgram.start()
  await codeAbove(100_000)
})
afterAll(() => program.end())

const server = (merchant: string) => Grace.submit({ merchant, category: 'Equipment', amount: '1500.00' })

/** The card of something large: Approve opens a form. */
const cardAbout = (number: string) =>
  program.people.waitFor(
    async () => (await Frank.cards(number)).find((card) => hasAction(card, 'approval.approve_by_code')),
    { what: `the card about ${number} that asks for a code`, timeoutMs: 25_000 },
  )

const closed = (ts: string) =>
  program.people.waitFor(
    async () =>
      (await Frank.messages()).find((card) => card.ts === ts && !hasAction(card, 'approval.reject')),
    { what: 'the card to close', timeoutMs: 25_000 },
  )

const statusOf = async (number: string) =>
  (await program.sql<{ status: string }>('select status from expense where number = $1', [number]))[0]?.status

describe('deciding about a large amount in Slack', () => {
  test('takes a code that is mailed; a wrong one is told at the field, and decides nothing', async () => {
    const { number } = await server('Big Server')
    const card = await cardAbout(number)
    expect(labels(card)).toEqual(['Approve…', 'Reject', 'Send back', 'Ask', 'Details'])
    await Frank.click(card.ts, 'approval.approve_by_code')
    const form = await Frank.form('approval.decide')
    expect(said(form)).toMatch(/We sent a code to f…@techcorp\.example\./)
    const code = await Frank.code(number)
    const wrong = code === '000000' ? '111111' : '000000'
    expect(await Frank.submitForm({ code: wrong })).toEqual({
      kind: 'errors',
      errors: { code: 'That is not the code. You have 4 more tries.' },
    })
    expect(await statusOf(number)).toBe('awaiting_approval')
    expect(await Frank.submitForm({ code: `${code.slice(0, 3)} ${code.slice(3)}` })).toEqual({
      kind: 'closed',
    })
    expect(said(await closed(card.ts))).toContain('was approved by Frank Miller')
  })

  test('a rejection asks for reason and code together; the code counts once the reason is there', async () => {
    const { number, thread } = await server('Bigger Server')
    const card = await cardAbout(number)
    await Frank.click(card.ts, 'approval.reject')
    await Frank.form('approval.decide')
    const code = await Frank.code(number)
    expect(await Frank.submitForm({ comment: '  ', code })).toEqual({
      kind: 'errors',
      errors: { comment: expect.stringContaining('say why') },
    })
    expect(await Frank.submitForm({ comment: 'Rent one', code })).toEqual({ kind: 'closed' })
    await Grace.reply(thread, 'Rent one')
    expect(await statusOf(number)).toBe('rejected')
  })

  test('a question needs no code', async () => {
    const { number, thread } = await server('Asked Server')
    const card = await cardAbout(number)
    await Frank.click(card.ts, 'approval.ask')
    const form = await Frank.form('approval.decide')
    expect(form.blocks.map(({ block_id }) => block_id)).not.toContain('code')
    await Frank.submitForm({ comment: 'Which one?' })
    await Grace.reply(thread, 'Which one?')
    await program.settle()
    expect(
      (await program.people.mails({ to: frank })).filter(({ subject }) =>
        subject.includes(`decide about ${number}`),
      ),
    ).toEqual([])
  })

  test('another code can be sent from the form, and the first does not work any more', async () => {
    const { number } = await server('Two Codes')
    const card = await cardAbout(number)
    await Frank.click(card.ts, 'approval.approve_by_code')
    await Frank.form('approval.decide')
    const first = await Frank.code(number)
    // Within a minute the same code would be good still.
    await program.sql(`update step_up set created_at = created_at - interval '2 minutes'`)
    await Frank.press('approval.new_code')
    const second = await Frank.code(number, 1)
    expect(second).not.toBe(first)
    await program.people.waitFor(
      async () =>
        (await program.people.openView(frank))?.blocks.some(({ block_id }) => block_id === 'code_1'),
      { what: 'the form that asks for the second code' },
    )
    expect(await Frank.submitForm({ code_1: first })).toEqual({
      kind: 'errors',
      errors: { code_1: expect.stringMatching(/not the code/) },
    })
    expect(await Frank.submitForm({ code_1: second })).toEqual({ kind: 'closed' })
    await closed(card.ts)
  })

  test('below the amount one press decides', async () => {
    const { number } = await Grace.submit({
      merchant: 'Small Thing',
      amount: '999.00',
      category: 'Equipment',
    })
    await Frank.approve(number)
    await program.settle()
    expect(await statusOf(number)).toBe('approved')
  })

  test('a card from before the company asked for codes says so when it is pressed, and asks then', async () => {
    await codeAbove(null)
    const { number } = await server('Old Card')
    const card = await Frank.card(number)
    await codeAbove(100_000)
    await Frank.click(card.ts, 'approval.approve')
    const asking = await program.people.waitFor(
      async () =>
        (await Frank.messages()).find(
          ({ ts, ...one }) => ts === card.ts && hasAction({ ts, ...one }, 'approval.approve_by_code'),
        ),
      { what: 'the card to ask for a code' },
    )
    expect(labels(asking)[0]).toBe('Approve…')
    expect((await Frank.messages()).some((message) => contains(message, 'This needs a code now'))).toBe(true)
    expect(await statusOf(number)).toBe('awaiting_approval')
  })

  test('of several at once what needs a code is not offered, and named', async () => {
    const large = await server('Needs A Code')
    const small = await Grace.submit({ merchant: 'Needs None' })
    await cardAbout(large.number)
    await Frank.card(small.number)
    const list = await Frank.openSeveral()
    expect(said(list)).toMatch(new RegExp(`These need a code.*${large.number} .*Needs A Code`))
    await Frank.approveSeveral(list, [large.number, small.number])
    const done = await Frank.formSaying('1 approved')
    expect(said(done)).not.toContain('not approved')
    expect(said(done)).toMatch(/1 approved\*\n• .*Needs None/)
    await Frank.closeForm()
  })
})

describe('deciding by mail', () => {
  /** Presses Approve on the page behind the link in Frank's mail, and waits for the code in Slack. */
  async function beginByMail(number: string) {
    const mail = await program.people.waitFor(
      async () =>
        (await program.people.mails({ to: frank })).find(
          ({ subject, text }) => subject.includes(number) && text.includes('/a/'),
        ),
      { what: 'the mail that asks Frank', timeoutMs: 25_000 },
    )
    const link = /https?:\S+\/a\/[\w.-]+/.exec(mail.text)?.[0] ?? ''
    const post = async (form: Record<string, string>) =>
      (await fetch(link, { method: 'POST', body: new URLSearchParams(form) })).text()
    const page = await post({ decision: 'approve', comment: '' })
    const message = await program.people.waitFor(
      async () => (await Frank.messages()).find((one) => contains(one, `Your code to decide ${number} is`)),
      { what: 'the code in Slack', timeoutMs: 25_000 },
    )
    const code = /\*(\d{3}) (\d{3})\*/.exec(said(message))?.slice(1).join('') ?? ''
    return { page, post, message, code }
  }

  test('takes a code that comes in Slack; once used it is shown no more', async () => {
    const { number } = await server('By Mail')
    const { page, post, message, code } = await beginByMail(number)
    expect(page).toContain('We sent a code to you in Slack.')
    expect(await statusOf(number)).toBe('awaiting_approval')
    await post({ decision: 'approve', comment: '', code })
    const used = await Frank.message(message.ts, `The code for ${number} was used.`)
    expect(JSON.stringify(used)).not.toContain(`${code.slice(0, 3)} ${code.slice(3)}`)
    await program.settle()
    expect(await statusOf(number)).toBe('approved')
  })

  test('once a newer code was sent, the message with the first shows it no more', async () => {
    const { number } = await server('Second Code')
    const { message, post, code } = await beginByMail(number)
    // Within a minute the same code would be good still.
    await program.sql(`update step_up set created_at = created_at - interval '2 minutes'`)
    await post({ decision: 'approve', comment: '' })
    const replaced = await Frank.message(message.ts, `The code for ${number} was replaced by a newer one.`)
    expect(JSON.stringify(replaced)).not.toContain(`${code.slice(0, 3)} ${code.slice(3)}`)
    await program.people.waitFor(
      async () =>
        (await Frank.messages()).find(
          (one) => one.ts !== message.ts && contains(one, `Your code to decide ${number} is`),
        ),
      { what: 'the newer code', timeoutMs: 25_000 },
    )
  })

  test('shows the code no more when it has expired', async () => {
    const { number } = await server('Too Slow')
    const { message, code } = await beginByMail(number)
    await program.sql('update step_up set expires_at = now() where proven_at is null')
    await program.sql(
      `update outbox set not_before = now() where job = 'surface.render' and status = 'pending'`,
    )
    const expired = await Frank.message(message.ts, `The code for ${number} has expired.`)
    expect(JSON.stringify(expired)).not.toContain(`${code.slice(0, 3)} ${code.slice(3)}`)
  })
})
