import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'
import {
  blankPaper,
  type Draft,
  fay,
  frank,
  grace,
  hasAction,
  labels,
  Person,
  realReceipt,
  said,
} from './play.ts'
import { isAction, isPersonsMessage, SlackWire } from './slack-wire.ts'

vi.setConfig({ testTimeout: 90_000 })

describe('killed without warning and started again', () => {
  let program: RunningProgram
  const person = (email: string) => new Person(email, () => program.people)
  const Grace = person(grace)
  const Frank = person(frank)
  const Fay = person(fay)

  beforeAll(async () => {
    program = await RunningProgram.start()
  })
  afterAll(() => program.end())

  /** Runs `act` and kills the program as soon as it has acknowledged the request that `which` recognises. */
  async function killOnAnswer(which: (body: string) => boolean, act: () => Promise<unknown>): Promise<void> {
    let isKilled = false
    const wire = await SlackWire.tap(program, {
      answered: async (body, status) => {
        if (!which(body) || isKilled) return
        expect(status).toBe(200)
        await program.kill()
        isKilled = true
      },
    })
    await act()
    await program.people.waitFor(() => isKilled, { what: 'the acknowledgement' })
    await program.startAgain()
    await wire.cut()
  }

  async function seen(what: string, check: () => Promise<boolean>): Promise<void> {
    await program.people.waitFor(check, { what, everyMs: 5 })
  }

  /** One message in the thread, one card, one document to each by Message-ID, all final; nothing given up. */
  async function expectDoneOnce({ number, thread }: Draft): Promise<void> {
    await Grace.reply(thread, `${number} is approved`)
    await Promise.all([Grace.mail(number), Fay.mail(number)])
    await program.settle()
    expect(await Grace.replies(thread)).toHaveLength(1)
    expect((await Frank.cards(number)).map(labels)).toEqual([['Undo']])
    for (const someone of [Grace, Fay]) {
      const mails = await someone.mails(number)
      expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1)
    }
    expect(await program.outbox()).toMatchObject({ dead: 0 })
  }

  test('right after it acknowledged a receipt: there is one expense and one reply', async () => {
    let ts = ''
    await killOnAnswer(isPersonsMessage, async () => {
      ts = (await Grace.post([await blankPaper()])).ts
    })
    const draft = await Grace.complete(await Grace.draftOf(ts))
    await Frank.approve(draft.number)
    await expectDoneOnce(draft)
  })

  test('before it acknowledged a receipt, as it was not running: Slack delivers again', async () => {
    await program.kill()
    const { ts } = await Grace.post([await blankPaper()])
    await program.startAgain()
    const draft = await Grace.complete(await Grace.draftOf(ts))
    await Frank.approve(draft.number)
    await expectDoneOnce(draft)
  })

  test('in the middle of reading: the reading is done afterwards', async () => {
    const { ts } = await Grace.post([await realReceipt()])
    await Grace.reply(ts, 'Reading your receipt')
    await program.kill()
    await program.startAgain()
    const draft = await Grace.draftOf(ts)
    expect(said((await Grace.replies(ts))[0])).toContain('USD 38.64')
    await Grace.click(draft.ts, 'expense.submit')
    await Frank.approve(draft.number)
    await expectDoneOnce(draft)
  })

  test('when the approver’s card is posted but not confirmed: there is one card, and it works', async () => {
    const draft = await Grace.draft()
    await program.people.faults({ kind: 'lost_reply', method: 'chat.postMessage' })
    await Grace.complete(draft)
    await seen('the card', async () => (await Frank.cards(draft.number)).length > 0)
    await program.kill()
    await program.people.clearFaults()
    await program.startAgain()
    await Frank.approve(draft.number)
    await expectDoneOnce(draft)
  })

  test('at the moment that the card appears: there is one card, and it works', async () => {
    const draft = await Grace.submit()
    await seen('the card', async () => (await Frank.cards(draft.number)).length > 0)
    await program.kill()
    await program.startAgain()
    await Frank.approve(draft.number)
    await expectDoneOnce(draft)
  })

  test('right after it acknowledged the approval: the decision counts, and the document is mailed', async () => {
    const draft = await Grace.submit()
    const card = await Frank.card(draft.number)
    await killOnAnswer(
      (body) => isAction(body, 'approval.approve'),
      () => Frank.click(card.ts, 'approval.approve').catch(() => {}),
    )
    await expectDoneOnce(draft)
  })

  test('right after it acknowledged several approvals: each is decided once, and the document is mailed', async () => {
    const drafts = [
      await Grace.submit({ merchant: 'Killed One' }),
      await Grace.submit({ merchant: 'Killed Two' }),
    ]
    const numbers = drafts.map(({ number }) => number)
    await Promise.all(numbers.map((number) => Frank.card(number)))
    const view = await Frank.openSeveral()
    await killOnAnswer(
      (body) => body.startsWith('payload=') && decodeURIComponent(body).includes('"type":"view_submission"'),
      () => Frank.approveSeveral(view, numbers),
    )
    for (const draft of drafts) await expectDoneOnce(draft)
    expect(said(await program.people.openView(frank))).toContain('2 approved')
    await program.people.closeView(frank)
  })

  test('when the mail server has the mails but the answers are lost: they are sent again as the same mails', async () => {
    const draft = await Grace.submit()
    const card = await Frank.card(draft.number)
    await program.settle()
    await program.people.faults({ kind: 'smtp_lost_reply', times: 2 })
    await Frank.click(card.ts, 'approval.approve')
    await seen('a mail', async () => (await Grace.mails(draft.number)).length > 0)
    await program.kill()
    await program.people.clearFaults()
    await program.startAgain()
    await expectDoneOnce(draft)
  })

  test('while Slack cannot be reached: everything is made up for when both are back', async () => {
    const draft = await Grace.submit()
    const card = await Frank.card(draft.number)
    await program.settle()
    await program.people.faults({ kind: 'http', method: '*', times: 10_000, status: 503 })
    await Frank.click(card.ts, 'approval.approve')
    const { ts } = await Grace.post([await blankPaper()])
    await Grace.mail(draft.number)
    await program.kill()
    await program.people.clearFaults()
    await program.startAgain()
    await expectDoneOnce(draft)
    const other = await Grace.complete(await Grace.draftOf(ts))
    await Frank.approve(other.number)
    await expectDoneOnce(other)
  })

  test('at five moments along the way: everything happens once', async () => {
    // Kills fall where they may: after the n-th change that people see.
    const { ts } = await Grace.post([await blankPaper()])
    await program.kill()
    await program.startAgain()
    const draft = await Grace.draftOf(ts)
    await program.kill()
    await program.startAgain()
    await Grace.complete(draft)
    await program.kill()
    await program.startAgain()
    const card = await Frank.card(draft.number)
    await program.kill()
    await program.startAgain()
    await Frank.click(card.ts, 'approval.approve')
    await program.kill()
    await program.startAgain()
    await seen('the decision', async () => {
      const [shown] = await Frank.cards(draft.number)
      return shown !== undefined && !hasAction(shown, 'approval.approve')
    })
    await expectDoneOnce(draft)
  })
})
