import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'
import { blankPaper, contains, frank, grace, hasButton, labels, Person, said } from './play.ts'
import { isAction, SlackWire } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('what is made of files', () => {
  let program: RunningProgram
  const Grace = new Person(grace, () => program.people)
  const Frank = new Person(frank, () => program.people)

  beforeAll(async () => {
    program = await RunningProgram.start()
  })
  afterAll(() => program.end())

  const papers = async (count: number) => Promise.all(Array.from({ length: count }, blankPaper))
  const countExpenses = async () => (await program.sql('select id from expense')).length
  const receiptsOf = async (number: string) =>
    program.sql(
      `select position, receipt.status from receipt join expense on expense.id = expense_id where number = $1 order by position`,
      [number],
    )
  const drafts = async (ts: string) =>
    (await Grace.replies(ts)).filter((reply) => hasButton(reply, 'Edit', 'Submit'))

  test('several files are asked about with one tap, and nothing is made before', async () => {
    const before = await countExpenses()
    const { ts } = await Grace.post(await papers(3), 'my trip')
    const question = await Grace.reply(ts, 'one expense each, or one expense with 3 receipts?')
    expect(labels(question)).toEqual(['One expense each', 'One expense, 3 receipts'])
    await program.settle()
    expect(await countExpenses()).toBe(before)
    await Grace.click(question.ts, 'question.one_each')
    const answered = await Grace.reply(ts, '3 files, one expense each')
    expect(answered.ts).toBe(question.ts)
    expect(labels(answered)).toEqual([])
    await program.settle()
    expect(await drafts(ts)).toHaveLength(3)
    expect(await countExpenses()).toBe(before + 3)
  })

  test('they become one expense with all of its receipts', async () => {
    const { ts } = await Grace.post(await papers(2))
    await Grace.answerAboutFiles(ts, 'One expense, 2 receipts')
    const { number } = await Grace.draftOf(ts)
    expect(said(await Grace.reply(ts, '2 files, one expense'))).toContain(number)
    await program.settle()
    expect(await receiptsOf(number)).toHaveLength(2)
    expect(await drafts(ts)).toHaveLength(1)
  })

  test('a press that arrives three times makes each expense once', async () => {
    const before = await countExpenses()
    const { ts } = await Grace.post(await papers(2))
    await Grace.reply(ts, '2 files')
    const wire = await SlackWire.tap(program, { copies: 3 })
    await Grace.answerAboutFiles(ts, 'One expense each')
    await Grace.reply(ts, '2 files, one expense each')
    await program.settle()
    await wire.untap()
    expect(await countExpenses()).toBe(before + 2)
    expect(await drafts(ts)).toHaveLength(2)
  })

  test('the other button pressed at the same moment loses politely', async () => {
    const before = await countExpenses()
    const { ts } = await Grace.post(await papers(2))
    const question = await Grace.reply(ts, '2 files')
    // The second press of somebody whose screen still shows the buttons.
    let copied = false
    const wire = await SlackWire.tap(program, {
      answered: async (body) => {
        if (copied || !isAction(body, 'question.one_each')) return
        copied = true
        await program.asSlack(body.replaceAll('question.one_each', 'question.together'), {
          type: 'application/x-www-form-urlencoded',
        })
      },
    })
    await Grace.click(question.ts, 'question.one_each')
    const told = await Grace.reply(ts, 'You have already chosen')
    expect(told).toMatchObject({ visible_to: await Grace.id() })
    await program.settle()
    await wire.untap()
    const made = (await countExpenses()) - before
    expect([1, 2]).toContain(made)
    expect(await drafts(ts)).toHaveLength(made)
  })

  test('the files are kept: the message may be gone when the question is answered', async () => {
    const { ts } = await Grace.post(await papers(2))
    await Grace.reply(ts, '2 files')
    await program.people.faults({ kind: 'http', method: 'files', times: 5, status: 404 })
    await Grace.answerAboutFiles(ts, 'One expense each')
    await Grace.reply(ts, '2 files, one expense each')
    await program.people.clearFaults()
    await program.settle()
    expect(await drafts(ts)).toHaveLength(2)
  })

  test('a deleted message takes its question with it', async () => {
    const before = await countExpenses()
    const { ts } = await Grace.post(await papers(2))
    const question = await Grace.reply(ts, '2 files')
    await program.people.deleteMessage({ as: grace, channel: 'dm', ts })
    await program.people.waitFor(
      async () =>
        (await program.people.replies({ as: grace, channel: 'dm', ts })).find((one) =>
          contains(one, 'I made nothing of it'),
        ),
      { what: 'the question to close' },
    )
    await program.settle()
    expect(question.ts).toBeTruthy()
    expect(await countExpenses()).toBe(before)
  })

  test('a question that nobody answers is asked once more, and stays', async () => {
    const { ts } = await Grace.post(await papers(2))
    await Grace.reply(ts, '2 files')
    await program.settle()
    await program.sql(
      `update outbox set not_before = now() where job = 'question.remind' and status = 'pending'`,
    )
    await Grace.reply(ts, 'Your 2 files still wait for your answer')
    await Grace.answerAboutFiles(ts, 'One expense, 2 receipts')
    await Grace.reply(ts, '2 files, one expense')
  })

  test('more than ten are answered with how it goes', async () => {
    const before = await countExpenses()
    const { ts } = await Grace.post(await papers(11))
    await Grace.reply(ts, 'I take up to 10 in one message')
    await program.settle()
    expect(await countExpenses()).toBe(before)
    expect(await Grace.replies(ts)).toHaveLength(1)
  })

  describe('in the thread of an expense', () => {
    const postBelow = async (thread: string, count = 1) =>
      program.people.postMessage({ as: grace, channel: 'dm', files: await papers(count), threadTs: thread })

    test('a file is added to it with one tap, and read', async () => {
      const draft = await Grace.draft()
      await postBelow(draft.thread)
      const question = await Grace.reply(draft.thread, `Add it to ${draft.number}, or make a new expense?`)
      expect(labels(question)).toEqual([`Add to ${draft.number}`, 'New expense'])
      await Grace.click(question.ts, 'question.add')
      await Grace.reply(draft.thread, `Added to ${draft.number}`)
      await program.settle()
      expect(await receiptsOf(draft.number)).toEqual([
        { position: 0, status: 'read' },
        { position: 1, status: 'read' },
      ])
      expect(await drafts(draft.thread)).toHaveLength(1)
    })

    test('or becomes a new one', async () => {
      const draft = await Grace.draft()
      await postBelow(draft.thread)
      await Grace.answerAboutFiles(draft.thread, 'New expense')
      await Grace.reply(draft.thread, 'A new expense')
      await program.settle()
      expect(await receiptsOf(draft.number)).toHaveLength(1)
      expect(await drafts(draft.thread)).toHaveLength(2)
    })

    test('several are offered all three ways', async () => {
      const draft = await Grace.draft()
      await postBelow(draft.thread, 2)
      const question = await Grace.reply(draft.thread, 'add them to')
      expect(labels(question)).toEqual([
        `Add to ${draft.number}`,
        'One expense each',
        'One expense, 2 receipts',
      ])
      await Grace.click(question.ts, 'question.add')
      await Grace.reply(draft.thread, `2 files added to ${draft.number}`)
      await program.settle()
      expect(await receiptsOf(draft.number)).toHaveLength(3)
    })

    test('the same file again is not added, and that is said', async () => {
      const [paper] = await papers(1)
      if (!paper) throw new Error('no paper')
      const draft = await Grace.draft([paper])
      await program.people.postMessage({ as: grace, channel: 'dm', files: [paper], threadTs: draft.thread })
      await Grace.answerAboutFiles(draft.thread, `Add to ${draft.number}`)
      await Grace.reply(draft.thread, 'has this receipt already')
      await program.settle()
      expect(await receiptsOf(draft.number)).toHaveLength(1)
    })

    test('of an expense under way a file is a new one, without a question', async () => {
      const draft = await Grace.submit()
      await Frank.card(draft.number)
      await postBelow(draft.thread)
      await program.settle()
      expect(await receiptsOf(draft.number)).toHaveLength(1)
      expect(await drafts(draft.thread)).toHaveLength(1)
    })

    test('a file for one that was submitted meanwhile is refused with the reason', async () => {
      const draft = await Grace.draft()
      await postBelow(draft.thread)
      const question = await Grace.reply(draft.thread, 'Add it to')
      await Grace.complete(draft)
      await Frank.card(draft.number)
      await Grace.click(question.ts, 'question.add')
      await Grace.reply(draft.thread, 'so it cannot be changed')
      await program.settle()
      expect(await receiptsOf(draft.number)).toHaveLength(1)
    })
  })

  test('no outgoing work was given up on the way', async () => {
    await program.settle()
    expect(await program.outbox()).toMatchObject({ dead: 0 })
  })
})
