import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'
import { blankPaper, contains, type Draft, fay, frank, grace, labels, Person, said } from './play.ts'
import { changeWorkspace, isAction, isPersonsMessage, SlackWire } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('trouble outside', () => {
  let program: RunningProgram
  let wire: SlackWire | undefined
  const person = (email: string) => new Person(email, () => program.people)
  const Grace = person(grace)
  const Frank = person(frank)
  const Fay = person(fay)

  beforeAll(async () => {
    program = await RunningProgram.start()
  })
  afterAll(() => program.end())
  afterEach(async () => {
    await program.people.clearFaults()
    await wire?.untap()
    wire = undefined
  })

  const faultsLeft = async () => (await program.people.state()).faults.length
  const faultsUsedUp = () =>
    program.people.waitFor(async () => (await faultsLeft()) === 0, {
      what: 'the trouble to be met',
      timeoutMs: 25_000,
    })

  /** One message in the thread, one card, one document to each, all final. */
  async function expectDoneOnce({ number, thread }: Draft): Promise<void> {
    await Grace.reply(thread, `${number} is approved`)
    await Promise.all([Grace.mail(number), Fay.mail(number)])
    await program.settle()
    expect(await Grace.replies(thread)).toHaveLength(1)
    expect((await Frank.cards(number)).map(labels)).toEqual([['Undo']])
    expect([(await Grace.mails(number)).length, (await Fay.mails(number)).length]).toEqual([1, 1])
  }

  describe('Slack repeats itself', () => {
    test('an event that is delivered five times at once, and again later, is one expense', async () => {
      const events: string[] = []
      wire = await SlackWire.tap(program, {
        copies: 5,
        answered: async (body) => {
          if (isPersonsMessage(body)) events.push(body)
        },
      })
      const { ts } = await Grace.post([await blankPaper()])
      const draft = await Grace.draftOf(ts)
      for (const body of events) expect((await program.asSlack(body)).status).toBe(200)
      expect(events.length).toBeGreaterThan(0)
      await program.settle()
      expect(await Grace.replies(ts)).toHaveLength(1)
      expect(await program.sql('select 1 from expense where number > $1', [draft.number])).toEqual([])
    })

    test('a press that is delivered five times at once decides once', async () => {
      const draft = await Grace.submit()
      const card = await Frank.card(draft.number)
      wire = await SlackWire.tap(program, { copies: 5 })
      await Frank.click(card.ts, 'approval.approve')
      await expectDoneOnce(draft)
    })

    test('a submitted form that is delivered twice at once submits once', async () => {
      const draft = await Grace.draft()
      const view = await Grace.openExpense(draft)
      wire = await SlackWire.tap(program, { copies: 2 })
      await Grace.fill(view, {
        merchant: 'Twice',
        amount: '10.00',
        date: '2026-01-15',
        category: 'Meals',
      })
      await wire.untap()
      wire = undefined
      await Frank.approve(draft.number)
      await expectDoneOnce(draft)
    })

    test('the same picture in a new message is a second expense that names the first to submitter and approver', async () => {
      const paper = await blankPaper()
      const first = await Grace.complete(await Grace.draft([paper]), { merchant: 'Once', amount: '31.00' })
      await Frank.card(first.number)
      const second = await Grace.complete(await Grace.draft([paper]), { merchant: 'Other', amount: '32.00' })
      expect(second.number).not.toBe(first.number)
      const warning = `The same receipt file as ${first.number}`
      expect(said(await Frank.card(second.number))).toContain(warning)
      await Grace.reply(second.thread, warning)
    })

    test('the same merchant, date and amount on another picture warns as well', async () => {
      const typed = { merchant: 'Seen Before', amount: '41.00' }
      const first = await Grace.submit(typed)
      await Frank.card(first.number)
      const second = await Grace.submit({ ...typed, merchant: 'SEEN  before' })
      expect(said(await Frank.card(second.number))).toContain(
        `Same merchant, date and amount as ${first.number}`,
      )
    })
  })

  describe('Slack does not work', () => {
    test('chat.postMessage is limited: the card comes when Slack allows it, once', async () => {
      const draft = await Grace.draft()
      await program.people.faults({
        kind: 'rate_limited',
        method: 'chat.postMessage',
        times: 3,
        retryAfter: 1,
      })
      await Grace.complete(draft)
      await Frank.approve(draft.number)
      expect(await faultsLeft()).toBe(0)
      await expectDoneOnce(draft)
    })

    test('a burst of receipts comes through although Slack allows one post a second and channel', async () => {
      await program.people.enforceRate(true)
      const { ts } = await Grace.post([await blankPaper(), await blankPaper(), await blankPaper()])
      await Grace.answerAboutFiles(ts, 'One expense each')
      await program.people.waitFor(
        async () => (await Grace.replies(ts)).filter((reply) => contains(reply, 'Please fill')).length === 3,
        { what: 'three drafts', timeoutMs: 25_000 },
      )
      await program.settle()
      expect(await Grace.replies(ts)).toHaveLength(4)
    })

    test('chat.update fails a few times: the messages are brought up to date afterwards', async () => {
      const draft = await Grace.submit()
      const card = await Frank.card(draft.number)
      await Grace.reply(draft.thread, 'is waiting for')
      await program.people.faults({ kind: 'error', method: 'chat.update', times: 4, error: 'internal_error' })
      await Frank.click(card.ts, 'approval.approve')
      await faultsUsedUp()
      expect(said(await Frank.closedCard(card.ts))).toContain('approved by Frank Miller')
      await expectDoneOnce(draft)
    })

    test.each(['chat.postMessage', 'chat.update', 'files.completeUploadExternal', 'conversations.open'])(
      'the answer of %s is lost: nothing is shown twice and nothing is missing',
      async (method) => {
        const draft = await Grace.draft()
        await program.people.faults({ kind: 'lost_reply', method })
        await Grace.complete(draft)
        await Frank.approve(draft.number)
        await expectDoneOnce(draft)
      },
    )

    test('the answer to the very first reply is lost: the thread has one message', async () => {
      await program.people.faults({ kind: 'lost_reply', method: 'chat.postMessage' })
      const { ts } = await Grace.post([await blankPaper()])
      await Grace.draftOf(ts)
      await program.settle()
      expect(await faultsLeft()).toBe(0)
      expect(await Grace.replies(ts)).toHaveLength(1)
    })

    test('the answer to a refusal is lost: it is said once', async () => {
      await program.people.faults({ kind: 'lost_reply', method: 'chat.postMessage' })
      const { ts } = await Grace.post([{ name: 'notes.txt', bytes: Buffer.from('words') }])
      await Grace.reply(ts, 'notes.txt')
      await program.settle()
      expect(await faultsLeft()).toBe(0)
      expect(await Grace.replies(ts)).toHaveLength(1)
    })

    test('all of Slack is down while a receipt is posted: it is read when Slack is back', async () => {
      await program.people.faults({ kind: 'http', method: '*', times: 3, status: 503 })
      const { ts } = await Grace.post([await blankPaper()])
      const draft = await Grace.draftOf(ts)
      await program.settle()
      expect(await Grace.replies(ts)).toHaveLength(1)
      expect(draft.number).toMatch(/^EXP-/)
    })

    test('Slack gives a sign-in page instead of the file: it is fetched again', async () => {
      await Grace.draft()
      // A token that Slack does not know (any more) is answered by a page of HTML with status 200.
      await changeWorkspace(program, { botToken: 'xoxb-another' })
      const before = program.output.length
      const { ts } = await Grace.post([await blankPaper()])
      await program.people.waitFor(() => program.output.slice(before).includes('a web page'), {
        what: 'the first try to fetch the file',
      })
      await changeWorkspace(program)
      await Grace.draftOf(ts)
      await program.settle()
      expect(await Grace.replies(ts)).toHaveLength(1)
    })

    test('a form whose opening fails can be opened by the next press', async () => {
      const draft = await Grace.draft()
      await program.people.faults({ kind: 'error', method: 'views.update', error: 'internal_error' })
      await Grace.click(draft.ts, 'expense.complete')
      await Grace.formSaying('Something went wrong on our side. Please try again in a moment.')
      await Grace.closeForm()
      await Frank.approve((await Grace.complete(draft)).number)
      await expectDoneOnce(draft)
    })
  })

  describe('Slack takes longer than it waits for us', () => {
    /** More than the three seconds after which Slack tells the person that it did not work. */
    const slow = (method: string, times = 1) =>
      program.people.faults({ kind: 'delay', method, times, ms: 4000 })
    const days = { from: '2099-01-01', to: '2099-01-03' }

    test('a button and a command are acknowledged before their form is filled, which comes', async () => {
      const draft = await Grace.draft()
      await slow('views.update', 2)
      await Grace.click(draft.ts, 'expense.complete')
      await Grace.form('expense.edit')
      await Grace.closeForm()
      await Grace.command('/expense mileage')
      await Grace.form('expense.start')
      await Grace.closeForm()
    })

    test('what is pressed in a form, too', async () => {
      const draft = await Grace.draft()
      await Grace.openExpense(draft)
      await slow('views.update')
      await Grace.split('10.00')
      await Grace.formSaying('Split over several categories')
      await Grace.closeForm()
    })

    test('a delegation is made and ended without waiting for App Home', async () => {
      await slow('views.publish', 4)
      expect(await Frank.delegate('Bob', days)).toMatchObject({ kind: 'view' })
      await Frank.closeForm()
      await Frank.command('/expense delegate end')
      await Frank.formSaying('Bob Smith does not decide for you any more.')
      await Frank.closeForm()
      await Frank.homeWithout('decides for you')
    })

    test('a delegation is ended in App Home without waiting for it to be shown', async () => {
      await Grace.delegate('Bob', days)
      await Grace.closeForm()
      await Grace.home('Bob Smith')
      await slow('views.publish')
      await Grace.pressAtHome('delegation.end')
      await Grace.homeWithout('decides for you')
    })

    test('the program stops in the middle of it without a sound', async () => {
      const draft = await Grace.draft()
      await program.people.faults({ kind: 'delay', method: 'views.update', ms: 20_000 })
      await Grace.click(draft.ts, 'expense.complete')
      const { code, output } = await program.stop()
      expect(code).toBe(0)
      expect(output).not.toMatch(/unhandled/i)
      await program.startAgain()
      await Grace.closeForm()
      await Grace.complete(draft)
    })
  })

  describe('the mail server does not work', () => {
    test('it refuses for a while: each mail comes once it takes them', async () => {
      const draft = await Grace.submit()
      await program.people.faults({ kind: 'smtp_reject', times: 4, code: 451 })
      await Frank.approve(draft.number)
      await faultsUsedUp()
      await expectDoneOnce(draft)
    })

    test('its answer is lost: the mail that comes again has the same Message-ID and content', async () => {
      const draft = await Grace.submit()
      await Frank.card(draft.number)
      await program.settle()
      await program.people.faults({ kind: 'smtp_lost_reply', times: 2 })
      await Frank.approve(draft.number)
      await Promise.all([Grace.mail(draft.number), Fay.mail(draft.number)])
      await program.settle()
      expect(await faultsLeft()).toBe(0)
      for (const someone of [Grace, Fay]) {
        const mails = await someone.mails(draft.number)
        expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1)
        expect(new Set(mails.map(({ attachments }) => attachments[0]?.bytes.toString('base64'))).size).toBe(1)
      }
      const sent = await program.sql<{ status: string }>(
        `select m.status from outgoing_mail m join expense e on e.id = m.expense_id
         where e.number = $1 and m.document_id is not null`,
        [draft.number],
      )
      expect(sent.map(({ status }) => status)).toEqual(['sent', 'sent'])
    })

    test('it refuses for good: this is on record, the expense is approved, and the next mails go out', async () => {
      const draft = await Grace.submit()
      await Frank.card(draft.number)
      await program.settle()
      await program.people.faults({ kind: 'smtp_reject', times: 2, code: 550 })
      await Frank.approve(draft.number)
      await Grace.reply(draft.thread, `${draft.number} is approved`)
      await faultsUsedUp()
      await program.settle()
      const mails = await program.sql(
        `select m.status, m.problem from outgoing_mail m join expense e on e.id = m.expense_id
         where e.number = $1 and m.document_id is not null`,
        [draft.number],
      )
      const failed = { status: 'failed', problem: expect.stringContaining('550') }
      expect(mails).toEqual([failed, failed])
      expect(await program.outbox()).toMatchObject({ dead: 2 })
      const next = await Grace.submit()
      await Frank.approve(next.number)
      await expectDoneOnce(next)
    })
  })

  test('a press whose acknowledgement is lost is done once', async () => {
    const draft = await Grace.submit()
    const card = await Frank.card(draft.number)
    wire = await SlackWire.tap(program, {
      answered: async (body) => {
        if (isAction(body, 'approval.approve')) throw new Error('the line is cut')
      },
    })
    await expect(Frank.click(card.ts, 'approval.approve')).rejects.toThrow('could not be reached')
    // The person presses again, if the button is still there.
    await Frank.click(card.ts, 'approval.approve').catch(() => {})
    await expectDoneOnce(draft)
  })
})
