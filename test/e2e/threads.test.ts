import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'
import { contains, frank, grace, hasAction, Person, said } from './play.ts'
import { SlackWire } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('what people write in threads', () => {
  let program: RunningProgram
  const Grace = new Person(grace, () => program.people)
  const Frank = new Person(frank, () => program.people)

  beforeAll(async () => {
    program = await RunningProgram.start()
  })
  afterAll(() => program.end())

  const write = (as: string, threadTs: string, text: string) =>
    program.people.postMessage({ as, channel: 'dm', text, threadTs })
  const comments = (number: string) =>
    program.sql(
      `select comment.kind, comment.text from comment join expense on expense.id = subject_id
       where number = $1 order by comment.at, comment.id`,
      [number],
    )
  /** The newest reply below a card or a message. */
  const below = async (who: Person, ts: string, words: string) => who.reply(ts, words)

  test('the submitter’s words below an open question are the answer, once', async () => {
    const draft = await Grace.submit()
    const card = await Frank.card(draft.number)
    await Frank.giveReason(card.ts, 'ask', 'Which customer was it?')
    await Grace.reply(draft.thread, 'Which customer was it?')
    const wire = await SlackWire.tap(program, { copies: 3 })
    await write(grace, draft.thread, 'It was Acme.')
    expect(said(await Grace.reply(draft.thread, 'I passed this on to Frank Miller'))).toContain(draft.number)
    await program.settle()
    await wire.untap()
    expect(await comments(draft.number)).toEqual([
      { kind: 'question', text: 'Which customer was it?' },
      { kind: 'comment', text: 'It was Acme.' },
    ])
    expect(contains(await below(Frank, card.ts, 'It was Acme.'), 'answered')).toBe(true)
  })

  test('without a question they are a remark for whoever is asked', async () => {
    const draft = await Grace.submit()
    const card = await Frank.card(draft.number)
    await write(grace, draft.thread, 'This was with a customer.')
    await Grace.reply(draft.thread, 'I passed this on to Frank Miller')
    await below(Frank, card.ts, 'This was with a customer.')
    await program.settle()
    expect(await comments(draft.number)).toEqual([{ kind: 'comment', text: 'This was with a customer.' }])
  })

  test('below a draft nobody follows the thread, and that is said', async () => {
    const draft = await Grace.draft()
    await write(grace, draft.thread, 'It was for the team.')
    expect(said(await Grace.reply(draft.thread, 'nobody is following'))).toContain('press Edit')
    expect(await comments(draft.number)).toEqual([])
  })

  test('an approver’s words below the card reach the submitter and decide nothing', async () => {
    const draft = await Grace.submit()
    const card = await Frank.card(draft.number)
    await write(frank, card.ts, 'approve')
    expect(said(await below(Frank, card.ts, 'I passed this on to Grace Taylor'))).toContain('use the buttons')
    await Grace.reply(draft.thread, 'approve')
    await program.settle()
    const [row] = await program.sql('select status from expense where number = $1', [draft.number])
    expect(row).toEqual({ status: 'awaiting_approval' })
    expect(hasAction(await Frank.card(draft.number), 'approval.approve')).toBe(true)
  })

  test('an approver’s question below the card is asked', async () => {
    const draft = await Grace.submit()
    const card = await Frank.card(draft.number)
    await write(frank, card.ts, 'Who was there?')
    await below(Frank, card.ts, 'I asked Grace Taylor')
    const question = await Grace.reply(draft.thread, 'Who was there?')
    expect(hasAction(question, 'expense.answer')).toBe(true)
    await Grace.answer(question.ts, 'Ann and Bob.')
    await below(Frank, card.ts, 'Ann and Bob.')
    await program.settle()
    expect(await comments(draft.number)).toEqual([
      { kind: 'question', text: 'Who was there?' },
      { kind: 'comment', text: 'Ann and Bob.' },
    ])
  })

  test('a question and its answer are said once, however often the same form arrives', async () => {
    const draft = await Grace.submit({ merchant: 'Said Once' })
    const card = await Frank.card(draft.number)
    const wire = await SlackWire.tap(program, { copies: 3 })
    await Frank.giveReason(card.ts, 'ask', 'Once?')
    const question = await Grace.reply(draft.thread, 'Frank Miller asks about')
    await Grace.answer(question.ts, 'Once.')
    await below(Frank, card.ts, 'Grace Taylor answered')
    await wire.untap()
    await program.settle()
    expect(await Frank.replies(card.ts)).toHaveLength(1)
    const said = await comments(draft.number)
    expect(said.map(({ text }) => text)).toEqual(['Once?', 'Once.'])
  })

  test('in a thread about nothing a text is read like any other', async () => {
    const { ts } = await Grace.post([], 'hotel 90 EUR and breakfast 12 EUR')
    await Grace.reply(ts, 'several amounts')
    await write(grace, ts, 'hotel 90 EUR yesterday')
    const { number } = await Grace.draftOf(ts)
    const [row] = await program.sql('select merchant_name from expense where number = $1', [number])
    expect(row).toEqual({ merchant_name: 'Hotel' })
  })

  test('no outgoing work was given up on the way', async () => {
    await program.settle()
    expect(await program.outbox()).toMatchObject({ dead: 0 })
  })
})
