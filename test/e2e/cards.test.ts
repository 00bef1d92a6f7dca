import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ShownMessage, type ShownView, shownButtons } from '../../src/sandbox/client.ts'
import { dinner, geminiKey, geminiModel, sure } from '../support/gemini-answers.ts'
import { type GeminiStandIn, startGeminiStandIn } from '../support/gemini-stand-in.ts'
import { RunningProgram } from '../support/running-program.ts'
import { blankPaper, contains, type Draft, eve, frank, grace, hasAction, Person, said } from './play.ts'

vi.setConfig({ testTimeout: 60_000 })

/** One expense as each of its people reads it, and what can be said about it by one tap. */
describe('cards', () => {
  let program: RunningProgram
  const person = (email: string) => new Person(email, () => program.people)
  const Grace = person(grace)
  const Frank = person(frank)
  const Eve = person(eve)

  let gemini: GeminiStandIn

  beforeAll(async () => {
    gemini = await startGeminiStandIn({ apiKey: geminiKey, model: geminiModel })
    program = await RunningProgram.start({
      GEMINI_API_KEY: geminiKey,
      GEMINI_MODEL: geminiModel,
      GEMINI_BASE_URL: gemini.url,
    })
    await program.people.setLocale(frank, 'de-DE')
  })
  afterAll(async () => {
    await program.end()
    await gemini.close()
  })

  const shows = (who: Person, { thread, ts }: Draft, check: (message: ShownMessage) => boolean) =>
    program.people.waitFor(
      async () => (await who.replies(thread)).find((message) => message.ts === ts && check(message)),
      { what: `the message of ${who.email} to change`, timeoutMs: 25_000 },
    )

  test('of one expense its submitter reads English, its approver German, in all that follows', async () => {
    // Whoever was met in Slack is known with their language.
    await Frank.reply((await Frank.post([], 'hallo')).ts, /./)
    const draft = await Grace.submit({ merchant: 'Zweisprachig', amount: '1234.50', date: '2026-01-15' })
    const card = await Frank.card(draft.number)
    expect(said(card)).toMatch(/Grace Taylor bittet um Ihre Freigabe: \*1\.234,50 USD\*/)
    expect(said(card)).toContain('*Datum*\n15. Jan. 2026')
    expect(card.text).toContain('Grace Taylor bittet um Ihre Freigabe')
    expect(shownButtons(card).map(({ text }) => text)).toEqual(
      expect.arrayContaining(['Freigeben', 'Ablehnen', 'Zurückgeben', 'Nachfragen', 'Details']),
    )
    const mine = await Grace.reply(draft.thread, 'is waiting for Frank Miller')
    expect(said(mine)).toContain('*Amount*\nUSD 1,234.50')

    const form = await Frank.openForm(card.ts, 'approval.reject', 'approval.decide')
    expect(said(form)).toContain('Warum lehnen Sie ab?')
    expect(form.submit?.text).toBe('Ablehnen')
    await Frank.submitForm({ comment: 'Leider nicht' })
    expect(said(await Frank.closedCard(card.ts))).toMatch(
      new RegExp(`${draft.number} wurde von Frank Miller abgelehnt.*, in Slack\\.\n>Leider nicht`),
    )
    const told = await Grace.reply(draft.thread, `${draft.number} was rejected by Frank Miller`)
    expect(said(told)).toMatch(/, in Slack\.\n>Leider nicht/)
    expect(told.text).toContain('“Leider nicht”')
  })

  test('what was read without certainty is confirmed by one tap each, and the form is not needed', async () => {
    const doubts = { date: sure('2026-03-14', 0.5), currency: sure('USD', 0.4) }
    gemini.reply = { kind: 'says', text: JSON.stringify(dinner(doubts)) }
    const draft = await Grace.draft([await blankPaper()])
    gemini.reply = { kind: 'says', text: '{}' }
    const asked = await shows(Grace, draft, (message) => asks(message, 'date'))
    expect(['merchant', 'amount'].map((field) => asks(asked, field))).toEqual([false, true])
    expect(said(asked)).not.toContain('please check')
    await answer(draft, 'confirm_date')
    const left = await shows(Grace, draft, (message) => !asks(message, 'date'))
    expect(asks(left, 'amount')).toBe(true)
    await answer(draft, 'confirm_amount')
    await shows(Grace, draft, (message) => !asks(message, 'amount'))
    // A single word on the receipt gave the category.
    await answer(draft, 'confirm_category_answers')
    const done = await shows(Grace, draft, (message) => !contains(message, 'Is this right?'))
    expect(said(done)).not.toContain('please check')
    const confirmed = await program.sql<{ fields: string[] }>(
      `select a.changes->'fields' as fields from audit_entry a
       where a.action = 'expense.confirmed' and a.subject_id = $1 order by a.id`,
      [draft.id],
    )
    expect(confirmed.map(({ fields }) => fields)).toEqual([['date'], ['amount', 'currency'], ['categoryId']])
    expect(
      await program.sql("select 1 from expense where id = $1 and uncertain = '{}'", [draft.id]),
    ).toHaveLength(1)
  })

  const asks = ({ blocks = [] }: ShownMessage, field: string) =>
    blocks.some(({ block_id }) => block_id === `confirm_${field}`)
  const answer = (draft: Draft, blockId: string) =>
    program.people.click({ as: grace, channel: 'dm', ts: draft.ts, actionId: 'expense.confirm', blockId })

  test('a category that nobody could tell is chosen in the message itself', async () => {
    const unknown = { merchant: sure('Zyx'), text: 'Zyx\n03/14/2026\nTOTAL USD 41.53', lineItems: [] }
    gemini.reply = { kind: 'says', text: JSON.stringify(dinner(unknown)) }
    const draft = await Grace.draft()
    gemini.reply = { kind: 'says', text: '{}' }
    const asked = await shows(Grace, draft, (message) => contains(message, 'Which category is it?'))
    const options = (asked.blocks ?? []).flatMap(({ accessory }) => accessory?.options ?? [])
    const meals = options.find(({ text }) => text.text === 'Meals')
    await program.people.click({
      as: grace,
      channel: 'dm',
      ts: draft.ts,
      actionId: 'expense.choose_category',
      value: meals?.value ?? '',
    })
    const chosen = await shows(Grace, draft, (message) => contains(message, '*Category*\nMeals'))
    expect(said(chosen)).not.toContain('Which category is it?')
  })

  test('two people’s expenses that look alike are shown to each of them and to the approver, by their facts', async () => {
    const first = await Eve.submit({ merchant: 'Shared Taxi', note: 'private words' })
    await Eve.reply(first.thread, 'is waiting for')
    const second = await Grace.submit({ merchant: 'Shared Taxi' })
    const card = await Frank.card(second.number)
    const otherOf = async (who: Person, ts: string, status: string): Promise<ShownView> => {
      await who.click(ts, 'expense.twin')
      const view = await who.formSaying(status)
      await who.closeForm()
      return view
    }
    const seenByFrank = await otherOf(Frank, card.ts, '*Status*\nin der Freigabe')
    expect(seenByFrank.title?.text).toBe(first.number)
    expect(said(seenByFrank)).toContain('Diese hier gehört Eve Davis')
    const mine = await shows(Grace, second, (message) => hasAction(message, 'expense.twin'))
    expect(said(mine)).toContain(first.number)
    const seenByGrace = await otherOf(Grace, second.ts, '*Status*\nwaiting for approval')
    expect(said(seenByGrace)).toContain('This one is Eve Davis’s.')
    expect(said(seenByGrace)).not.toContain('private words')
    await shows(Eve, first, (message) => hasAction(message, 'expense.twin'))
    expect((await otherOf(Eve, first.ts, '*Status*')).title?.text).toBe(second.number)
  })

  describe('where a card each would be too many', () => {
    const digestOf = (who: Person, words: string | RegExp) =>
      program.people.waitFor(
        async () => (await who.messages()).find((one) => one.bot_id && contains(one, words)),
        { what: `“${words}” for ${who.email}`, timeoutMs: 25_000 },
      )
    let numbers: string[] = []

    beforeAll(async () => {
      await program.sql('update company set digest_over = 1')
      await program.sql(`update approval_ask set ended_at = now() where ended_at is null`)
    })
    afterAll(() => program.sql('update company set digest_over = 10'))

    test('one message says how many wait and how much, in the words of its reader', async () => {
      const drafts = []
      for (const amount of ['10.00', '20.00', '30.00'])
        drafts.push(await Grace.submit({ merchant: `Digest ${amount}`, amount }))
      numbers = drafts.map(({ number }) => number)
      const digest = await digestOf(Frank, '3 Anfragen warten auf Sie, insgesamt 60,00 USD')
      expect(said(digest)).toMatch(
        /Am längsten warten(.|\n)*10,00 USD(.|\n)*Digest 10\.00 {2}· {2}Grace Taylor/,
      )
      expect(shownButtons(digest).map(({ text }) => text)).toEqual(['Mehrere freigeben…', 'Home öffnen'])
      expect(JSON.stringify(digest)).toMatch(/slack:\/\/app\?team=T\w+&id=A\w+&tab=home/)
      expect(digest.text).toContain('3 Anfragen warten auf Sie')
    })

    test('it opens the form for several, and says in the end that nothing waits, without buttons', async () => {
      const digest = await digestOf(Frank, '3 Anfragen warten auf Sie')
      const form = await Frank.openSeveral(digest.ts)
      expect(form.title?.text).toBe('Mehrere freigeben')
      await Frank.approveSeveral(form, numbers)
      expect(said(await Frank.formSaying('3 freigegeben'))).not.toContain('nicht freigegeben')
      await Frank.closeForm()
      const done = await Frank.message(digest.ts, 'Auf Sie wartet nichts mehr.')
      expect(shownButtons(done)).toEqual([])
    })

    test('the same day brings no second one, but keeps the first up to date', async () => {
      const before = (await Frank.messages()).filter((one) => contains(one, 'Auf Sie wartet nichts mehr.'))
      expect(before).toHaveLength(1)
      for (const merchant of ['One more', 'And another']) await Grace.submit({ merchant })
      const again = await digestOf(Frank, /warten? auf Sie/)
      expect(again.ts).toBe(before[0]?.ts)
    })
  })

  test('no outgoing work was given up on the way', async () => {
    await Grace.post([await blankPaper()])
    await program.settle()
    expect(await program.outbox()).toMatchObject({ dead: 0 })
  })
})
