import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ShownMessage, ShownView } from '../../src/sandbox/client.ts'
import { RunningProgram } from '../support/running-program.ts'
import {
  adam,
  alice,
  blankPaper,
  contains,
  type Draft,
  fay,
  frank,
  grace,
  hasAction,
  hasButton,
  labels,
  Person,
  said,
  shownInputs,
} from './play.ts'
import { changeWorkspace } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('deciding in Slack', () => {
  let program: RunningProgram
  const person = (email: string) => new Person(email, () => program.people)
  const Grace = person(grace)
  const Frank = person(frank)
  const Alice = person(alice)
  const Fay = person(fay)
  const Adam = person(adam)

  beforeAll(async () => {
    program = await RunningProgram.start()
  })
  afterAll(() => program.end())

  /** Waits until a message of a person shows what it should. */
  const shows = (who: Person, thread: string | null, ts: string, check: (message: ShownMessage) => boolean) =>
    program.people.waitFor(
      async () =>
        (thread === null ? await who.messages() : await who.replies(thread)).find(
          (message) => message.ts === ts && check(message),
        ),
      { what: `the message ${ts} of ${who.email} to change`, timeoutMs: 25_000 },
    )

  const statusOf = async ({ number }: Draft) =>
    (await program.sql<{ status: string }>('select status from expense where number = $1', [number]))[0]
      ?.status

  describe('a question', () => {
    test('reaches the submitter in the thread, its answer reaches the approver, who then approves', async () => {
      const draft = await Grace.submit({ merchant: 'Globex Diner' })
      const card = await Frank.card(draft.number)
      expect(await Frank.giveReason(card.ts, 'ask', 'Which client?\nAnd *why*?')).toEqual({ kind: 'closed' })

      const question = await Grace.reply(draft.thread, `Frank Miller asks about ${draft.number}`)
      expect(said(question)).toContain('>Which client?\n>And ∗why∗?')
      expect(labels(question)).toEqual(['Answer'])
      const asked = await shows(Grace, draft.thread, draft.ts, (message) => hasButton(message, 'Answer'))
      expect(said(asked)).toContain('Which client?')
      const open = await shows(Frank, null, card.ts, (message) => contains(message, 'Which client?'))
      expect(labels(open).slice(0, 5)).toEqual(['Approve', 'Reject', 'Send back', 'Ask', 'Details'])
      expect(await statusOf(draft)).toBe('awaiting_approval')

      expect(await Grace.answer(question.ts, 'Ann of <!channel> Globex')).toEqual({ kind: 'closed' })
      const answer = await Frank.reply(card.ts, 'Grace Taylor answered')
      expect(said(answer)).toContain('Ann of &lt;!channel&gt; Globex')
      await shows(Frank, null, card.ts, (message) => contains(message, 'Ann of'))
      const closed = await shows(Grace, draft.thread, question.ts, (message) => labels(message).length === 0)
      expect(said(closed)).toContain('Answered: Ann of')
      await shows(Grace, draft.thread, draft.ts, (message) => !hasButton(message, 'Answer'))

      await Frank.approve(draft.number)
      await Grace.reply(draft.thread, `${draft.number} is approved`)
      await program.settle()
      const questions = (await Grace.replies(draft.thread)).filter((reply) => contains(reply, 'asks about'))
      expect(questions).toHaveLength(1)
      expect(await Frank.replies(card.ts)).toHaveLength(1)
    })

    test('needs words', async () => {
      const draft = await Grace.submit({ merchant: 'Needs Words' })
      const card = await Frank.card(draft.number)
      expect(await Frank.giveReason(card.ts, 'ask', '   ')).toEqual({
        kind: 'errors',
        errors: { comment: expect.stringMatching(/^\S.*[.?]$/) },
      })
      await program.people.closeView(frank)
      expect(await program.sql('select 1 from comment where text = $1', ['   '])).toEqual([])
    })

    test('cannot be asked any more once it was decided, and the form says so', async () => {
      const draft = await Grace.submit({ merchant: 'Too Late' })
      const card = await Frank.card(draft.number)
      await Frank.openForm(card.ts, 'approval.ask', 'approval.decide')
      await Frank.click(card.ts, 'approval.approve')
      await Frank.closedCard(card.ts)
      const outcome = await program.people.submitView({ as: frank, values: { comment: 'Too late?' } })
      expect(JSON.stringify(outcome)).toMatch(/Frank Miller already approved this/)
      await program.people.closeView(frank)
      await program.settle()
      expect((await Grace.replies(draft.thread)).filter((reply) => contains(reply, 'asks about'))).toEqual([])
    })
  })

  test('sent back with a reason, mended with category, reason and attendees, it keeps its number and history', async () => {
    const draft = await Grace.submit({ merchant: 'Long Table' })
    const first = await Frank.card(draft.number)
    await Frank.giveReason(first.ts, 'send_back', 'Who was there?')
    expect(said(await Frank.closedCard(first.ts))).toMatch(
      /was sent back by Frank Miller.*\n>Who was there\?/,
    )
    const back = await shows(Grace, draft.thread, draft.ts, (message) => hasButton(message, 'Submit again'))
    expect(said(back)).toContain('>Who was there?')

    const form = await Grace.openForm(draft.ts, 'expense.edit', 'expense.edit')
    expect(form.title?.text).toBe(`Edit ${draft.number}`)
    expect(shownInputs(form)).toMatchObject({ category: 'Meals', reason: undefined, attendees: undefined })
    const saved = { category: 'Other', reason: 'Client visit', attendees: 'Ann Lee,  Bob Ray ,' }
    expect(await Grace.fill(form, saved)).toEqual({ kind: 'closed' })
    await shows(Grace, draft.thread, draft.ts, (message) => contains(message, 'Ann Lee, Bob Ray'))
    const again = await Grace.openForm(draft.ts, 'expense.edit', 'expense.edit')
    expect(shownInputs(again)).toMatchObject({
      category: 'Other',
      reason: 'Client visit',
      attendees: 'Ann Lee, Bob Ray',
    })
    await program.people.closeView(grace)

    await Grace.click(draft.ts, 'expense.submit')
    const second = await Frank.card(draft.number)
    expect(second.ts).not.toBe(first.ts)
    expect(said(second)).toContain('*Attendees*\nAnn Lee, Bob Ray')
    expect(said(second)).toContain('*Reason*\nClient visit')
    await Frank.giveReason(second.ts, 'reject', 'Not ours to pay')
    expect(said(await Frank.closedCard(second.ts))).toContain('>Not ours to pay')
    expect(said(await Grace.reply(draft.thread, 'was rejected by Frank Miller'))).toContain('Not ours to pay')
    expect(await statusOf(draft)).toBe('rejected')
    expect(await program.sql('select 1 from expense where number = $1', [draft.number])).toHaveLength(1)
    const decisions = await program.sql<{ verdict: string }>(
      `select changes->>'verdict' as verdict from audit_entry a join expense e on e.id = a.subject_id
       where a.action = 'approval.decided' and e.number = $1 order by a.id`,
      [draft.number],
    )
    expect(decisions.map(({ verdict }) => verdict)).toEqual(['send_back', 'reject'])
  })

  test('a reason that was chosen can be taken away again', async () => {
    const draft = await Grace.draft()
    await Grace.complete(draft, { merchant: 'No Reason', reason: 'Training' })
    await Grace.reply(draft.thread, 'is waiting for')
    await Grace.click(draft.ts, 'expense.take_back')
    await shows(Grace, draft.thread, draft.ts, (message) => hasButton(message, 'Submit'))
    const form = await Grace.openForm(draft.ts, 'expense.edit', 'expense.edit')
    expect(shownInputs(form).reason).toBe('Training')
    await Grace.fill(form, { reason: 'None' })
    await shows(Grace, draft.thread, draft.ts, (message) => !contains(message, 'Training'))
  })

  test('the details say who is asked and why, and everything that was said', async () => {
    const draft = await Grace.submit({ merchant: 'Long Story' })
    const card = await Frank.card(draft.number)
    const long = `${'word '.repeat(390)}end`
    await Frank.giveReason(card.ts, 'ask', long)
    await Grace.reply(draft.thread, 'Frank Miller asks about')
    await Frank.click(card.ts, 'approval.details')
    const view = await program.people.waitFor(
      async () => {
        const open = await program.people.openView(frank)
        return open && said(open).includes('*Approval*') && open
      },
      { what: 'the details' },
    )
    expect(said(view)).toContain(long)
    expect(said(view)).toMatch(/1\. .*: Frank Miller, asked since .*\n_because the policy asks/)
    expect(said(view)).toMatch(/Judged by “Meals.*”, version \d+/)
    await program.people.closeView(frank)
  })

  test('both sides of a pair that looks alike are warned, and can look at the other one', async () => {
    const first = await Grace.submit({ merchant: 'Twice Cafe', note: 'private' })
    await Frank.approve(first.number)
    const second = await Grace.submit({ merchant: 'Twice Cafe' })
    const card = await Frank.card(second.number)
    const twinOf = async (who: Person, ts: string) => {
      await who.click(ts, 'expense.twin')
      const view = await program.people.waitFor(
        async () => {
          const open = await program.people.openView(who.email)
          return open && said(open).includes('*Status*') && open
        },
        { what: 'the other expense' },
      )
      await program.people.closeView(who.email)
      return view
    }
    const shown = await twinOf(Frank, card.ts)
    expect(shown.title?.text).toBe(first.number)
    expect(said(shown)).toMatch(/\*Merchant\*\nTwice Cafe(.*\n)*\*Status\*\napproved/)
    expect(said(shown)).not.toContain('private')
    await shows(Grace, first.thread, first.ts, (message) => hasAction(message, 'expense.twin'))
    expect((await twinOf(Grace, first.ts)).title?.text).toBe(second.number)
  })

  describe('several at once', () => {
    let drafts: Draft[]
    let view: ShownView

    beforeAll(async () => {
      await program.sql(`update person set roles = '{admin,finance}' where email = $1`, [adam])
      // Nobody is above Alice, so either of the two finance people decides.
      drafts = []
      for (const merchant of ['First', 'Second', 'Third']) drafts.push(await Alice.submit({ merchant }))
      const numbers = drafts.map(({ number }) => number)
      await Promise.all(numbers.map((number) => Fay.card(number)))
      view = await Fay.openSeveral()
    })
    afterAll(() => program.sql(`update person set roles = '{admin}' where email = $1`, [adam]))

    test('what waits is listed, the oldest first, and nothing is chosen', () => {
      const rows = view.blocks.flatMap(({ elements = [] }) => elements)
      const options = rows.flatMap(({ options = [] }) => options)
      expect(options.map(({ text }) => text.text.replaceAll('\u00a0', ' '))).toEqual([
        'USD 12.50  ·  First',
        'USD 12.50  ·  Second',
        'USD 12.50  ·  Third',
      ])
      expect(options.map(({ description }) => description?.text)).toEqual(
        drafts.map(({ number }) => `Alice Chen  ·  ${number}  ·  Jan 15, 2026  ·  Meals`),
      )
      expect(rows.flatMap(({ initial_options = [] }) => initial_options)).toEqual([])
    })

    test('the details of each come on top of the list, and ticking nothing is pointed out there', async () => {
      await Fay.press('approval.details', { blockId: view.blocks[1]?.block_id ?? '' })
      await Fay.formSaying('What policy says')
      await program.people.closeView(fay, false)
      const told = await Fay.approveSeveral(view, [])
      expect(told.kind === 'view' && said(told.view)).toContain('nothing is approved')
      await program.people.closeView(fay, false)
      expect((await program.people.openView(fay))?.callback_id).toBe('approval.several')
    })

    test('each is decided for itself, and the form says what became of each', async () => {
      const [first, second, third] = drafts
      if (!first || !second || !third) throw new Error('there are not three')
      await Adam.approve(second.number)
      const outcome = await Fay.approveSeveral(view, [first.number, second.number, third.number])
      expect(outcome.kind).toBe('view')
      const done = await program.people.waitFor(
        async () => {
          const open = await program.people.openView(fay)
          return open && said(open).includes('2 approved') && open
        },
        { what: 'the form to say what became of each', timeoutMs: 25_000 },
      )
      expect(said(done)).toMatch(
        new RegExp(`1 not approved.*\\n.*Second.*${second.number}.*\\n.*Adam Root already approved this`),
      )
      expect(done.submit).toBeFalsy()
      await program.people.closeView(fay)
      for (const draft of drafts) {
        await Alice.reply(draft.thread, `${draft.number} is approved`)
        const card = (await Fay.cards(draft.number))[0]
        await Fay.closedCard(card?.ts ?? '')
      }
      const decisions = await program.sql<{ number: string }>(
        `select e.number from audit_entry a join expense e on e.id = a.subject_id
         where a.action = 'approval.decided' and e.number = any($1) order by e.number`,
        [drafts.map(({ number }) => number)],
      )
      expect(decisions.map(({ number }) => number)).toEqual(drafts.map(({ number }) => number).sort())
      await program.settle()
      for (const draft of drafts) expect(await Alice.mails(draft.number)).toHaveLength(1)
    })
  })

  describe('somebody whom nobody added', () => {
    const requests = async (email: string) =>
      (await program.people.mails({ to: adam })).filter(({ text }) => text.includes(email))

    test('is told so, and the admins are asked once, however often they write', async () => {
      const email = 'nina.newcomer@techcorp.example'
      await changeWorkspace(program, { people: [{ email, name: 'Nina Newcomer' }] })
      const Nina = person(email)
      const posts = await Promise.all([Nina.post([await blankPaper()]), Nina.post([], 'hello?')])
      for (const { ts } of posts) {
        const reply = await Nina.reply(ts, 'do not know you')
        expect(said(reply)).toContain('asked the admins')
        expect(said(reply)).not.toMatch(/TechCorp|Adam/)
      }
      await program.people.waitFor(async () => (await requests(email)).length > 0, { what: 'the mail' })
      await Nina.reply((await Nina.post([], 'still nothing?')).ts, 'do not know you')
      await program.settle()
      const mails = await requests(email)
      expect(mails).toHaveLength(1)
      expect(mails[0]?.text).toContain('Nina Newcomer')
      expect(await program.sql('select 1 from access_request where email = $1', [email])).toHaveLength(1)
      expect(await program.sql('select 1 from person where email = $1', [email])).toEqual([])
    })

    test('is not asked about where nobody could know them', async () => {
      // People of two companies work here, and the address is neither's: it would be a guess.
      await person('homer.simpson@globex.example').draft()
      const email = 'sam.stranger@elsewhere.example'
      await changeWorkspace(program, { people: [{ email, name: 'Sam Stranger' }] })
      const Sam = person(email)
      const { ts } = await Sam.post([], 'hello?')
      expect(said(await Sam.reply(ts, 'do not know you'))).toContain('ask your Outlay admin')
      await program.settle()
      expect(await program.sql('select 1 from access_request where email = $1', [email])).toEqual([])
      expect(await requests(email)).toEqual([])
    })
  })

  test('no outgoing work was given up on the way', async () => {
    await program.settle()
    expect(await program.outbox()).toMatchObject({ dead: 0 })
  })
})
