import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'
import { blankPaper, contains, frank, grace, hasAction, hasButton, labels, Person, said } from './play.ts'
import { changeWorkspace, SlackWire } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('/expense', () => {
  let program: RunningProgram
  const Grace = new Person(grace, () => program.people)
  const Frank = new Person(frank, () => program.people)

  beforeAll(async () => {
    program = await RunningProgram.start()
  })
  afterAll(() => program.end())

  /** Types a command and waits for the note that only this person sees. */
  async function answer(who: Person, typed: string, words: string | RegExp) {
    const before = new Set((await who.messages()).map(({ ts }) => ts))
    await who.command(`/expense ${typed}`)
    const note = await program.people.waitFor(
      async () => (await who.messages()).find((one) => !before.has(one.ts) && contains(one, words)),
      { what: `“${words}” after /expense ${typed}` },
    )
    expect(note).toMatchObject({ visible_to: await who.id() })
    expect(note.text?.trim()).not.toBe('')
    return note
  }

  test('alone opens the form', async () => {
    await Grace.commandForm('/expense', 'expense.start')
    await Grace.closeForm()
  })

  test('help names what works, and nothing that does not', async () => {
    const help = said(await answer(Grace, 'help', '/expense list'))
    for (const word of [
      'status',
      'approvals',
      'report',
      'policy',
      'request',
      'mileage',
      'per diem',
      'delegate',
    ]) {
      expect(help).toContain(`/expense ${word}`)
    }
    expect(help).not.toContain('budget')
  })

  test('with a text makes a draft, once, and says where it is', async () => {
    const wire = await SlackWire.tap(program, { copies: 3 })
    const note = await answer(Grace, 'canoe 12.50 EUR yesterday', 'is a draft')
    await wire.untap()
    expect(said(note)).toContain('Canoe, EUR 12.50')
    expect(JSON.stringify(note.blocks)).toMatch(/"url":"slack:\/\/app\?team=T\w+&id=A\w+&tab=messages"/)
    await program.settle()
    expect(await program.sql(`select source from expense where merchant_name = 'Canoe'`)).toEqual([
      { source: 'slack' },
    ])
    const drafts = (await Grace.messages()).filter(
      (one) => contains(one, 'Canoe') && hasButton(one, 'Submit', 'Edit'),
    )
    expect(drafts).toHaveLength(1)
  })

  test('a currency that was taken is said, and a mistyped command makes none', async () => {
    const note = await answer(Grace, 'dinghy 40', 'is a draft')
    expect(said(note)).toMatch(/Dinghy, USD 40\.00, .*I took \*USD\*\. Change it if that is wrong\./)
    await answer(Grace, 'statsu 42', 'I don’t know “statsu 42”')
  })

  test('a text that begins like a command is an expense all the same', async () => {
    await answer(Grace, 'Fahrt zum Flughafen 45 EUR gestern', 'is a draft')
  })

  test('list shows the newest first, with details at hand', async () => {
    const draft = await Grace.submit({ merchant: 'Listed Shop' })
    await Frank.card(draft.number)
    const note = await answer(Grace, 'list', 'Listed Shop')
    expect(said(note)).toContain('waiting for Frank Miller')
    const button = (await Grace.messages()).find(({ ts }) => ts === note.ts)
    expect(button && labels(button)[0]).toBe('Details')
    await answer(Grace, 'liste', 'Listed Shop')
  })

  test('status finds an expense by its number', async () => {
    const draft = await Grace.submit({ merchant: 'Status Shop' })
    await Frank.card(draft.number)
    const short = String(Number(draft.number.slice(-4)))
    expect(said(await answer(Grace, `status ${short}`, 'Status Shop'))).toContain(draft.number)
    await answer(Grace, `status ${draft.number}`, 'waiting for Frank Miller')
    expect(said(await answer(Grace, 'status', 'This is your latest expense'))).toContain(draft.number)
    await answer(Grace, 'status nowhere at all', 'I found no expense of yours')
  })

  test('status tells nobody of other people’s expenses', async () => {
    const draft = await Grace.submit({ merchant: 'Secret Shop' })
    const Homer = new Person('homer.simpson@globex.example', () => program.people)
    expect(said(await answer(Homer, `status ${draft.number}`, 'I found no'))).not.toContain('Secret Shop')
  })

  test('approvals shows what waits and how to decide several', async () => {
    await Grace.submit({ merchant: 'First Wait' }).then(({ number }) => Frank.card(number))
    await Grace.submit({ merchant: 'Second Wait' }).then(({ number }) => Frank.card(number))
    const note = await answer(Frank, 'approvals', 'Second Wait')
    expect(hasAction(note, 'approval.several')).toBe(true)
    await Frank.openSeveral(note.ts)
    await Frank.closeForm()
    await answer(Grace, 'approvals', 'Nothing is waiting for you')
  })

  test('report sums up a month in the company’s currency', async () => {
    await Grace.submit({ merchant: 'March Shop', amount: '40.00', date: '2026-03-05' })
    await Grace.submit({ merchant: 'March Shop 2', amount: '2.50', date: '2026-03-31' })
    const note = said(await answer(Grace, 'report 2026-03', 'March 2026'))
    expect(note).toContain('USD 42.50')
    expect(note).toContain('2 expenses')
    expect(note).toContain('Meals')
    await answer(Grace, 'report 2019-01', 'You submitted nothing for January 2019')
    await answer(Grace, 'report soon', 'Write it like 2026-10')
  })

  test('policy shows the rules of the company in plain words', async () => {
    await Grace.command('/expense policy')
    const form = await Grace.formSaying('Who approves')
    expect(said(form)).toContain('Limits')
    await Grace.closeForm()
  })

  test('budget is answered in a sentence as long as there are none', async () => {
    await answer(Grace, 'budget', 'There are no budgets yet')
  })

  test('settings opens the form', async () => {
    await Grace.command('/expense settings')
    await program.people.waitFor(async () => (await program.people.openView(grace))?.submit, {
      what: 'the settings',
    })
    await Grace.closeForm()
  })

  test('something mistyped is answered with what was meant, and the help', async () => {
    expect(said(await answer(Grace, 'aprovals', 'I don’t know “aprovals”'))).toContain('/expense approvals')
    await answer(Grace, 'make me rich', 'I don’t know')
  })

  test('somebody whom nobody added is told so, and the admins hear of it', async () => {
    const email = 'nora.new@techcorp.example'
    await changeWorkspace(program, { people: [{ email, name: 'Nora New' }] })
    const Nora = new Person(email, () => program.people)
    await answer(Nora, 'list', 'I do not know you yet')
    await program.people.waitFor(
      async () => (await program.people.mails()).find(({ text }) => text.includes(email)),
      { what: 'the mail to the admins' },
    )
  })

  describe('“Make this an expense” in the menu of a message', () => {
    const choose = async (who: string, where: { channel: string; ts: string }, words: string) => {
      await program.people.shortcut({ as: who, callbackId: 'make_expense', ...where })
      const person = new Person(who, () => program.people)
      const view = await person.formSaying(words)
      await person.closeForm()
      return view
    }

    test('makes a draft of a colleague’s text, once, for whoever chose it', async () => {
      const { ts } = await program.people.postMessage({
        as: frank,
        channel: '#general',
        text: 'kayak 31 EUR yesterday',
      })
      await choose(grace, { channel: '#general', ts }, 'You’ll find it in our conversation')
      await choose(grace, { channel: '#general', ts }, 'This message is already an expense')
      await program.settle()
      expect(
        await program.sql(
          `select email from expense join person on person.id = submitter_id where merchant_name = 'Kayak'`,
        ),
      ).toEqual([{ email: grace }])
      expect((await Grace.messages()).some((one) => contains(one, 'Kayak'))).toBe(true)
    })

    test('makes a draft of a file', async () => {
      const { ts } = await program.people.postMessage({
        as: frank,
        channel: '#general',
        files: [await blankPaper()],
      })
      await program.settle()
      const before = (await program.sql('select 1 from expense')).length
      await choose(grace, { channel: '#general', ts }, 'You’ll find it in our conversation')
      await program.settle()
      expect(await program.sql('select 1 from expense')).toHaveLength(before + 1)
    })

    test('of one’s own message with a draft it is the same draft', async () => {
      const { ts } = await Grace.post([], 'raft 9 EUR yesterday')
      const { number } = await Grace.draftOf(ts)
      const told = await choose(grace, { channel: 'dm', ts }, 'already')
      expect(said(told)).toContain(number)
      // The draft itself, in its thread.
      expect(JSON.stringify(told.blocks)).toContain(`&thread=${ts}`)
    })

    test('asks about several files in the conversation', async () => {
      const { ts } = await program.people.postMessage({
        as: frank,
        channel: '#general',
        files: [await blankPaper(), await blankPaper()],
      })
      await choose(grace, { channel: '#general', ts }, 'I ask you in our conversation')
      const question = await program.people.waitFor(
        async () => (await Grace.messages()).find((one) => hasAction(one, 'question.together')),
        { what: 'the question' },
      )
      await Grace.click(question.ts, 'question.together')
      await Grace.message(question.ts, '2 files, one expense')
    })

    test('says so where there is nothing in the message', async () => {
      const { ts } = await program.people.postMessage({
        as: frank,
        channel: '#general',
        text: 'good morning',
      })
      await choose(grace, { channel: '#general', ts }, 'nothing to make an expense of')
    })
  })

  test('no outgoing work was given up on the way', async () => {
    await program.settle()
    expect(await program.outbox()).toMatchObject({ dead: 0 })
  })
})
