import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { textOfPdf } from '../support/pdf-text.ts'
import { RunningProgram } from '../support/running-program.ts'
import {
  adam,
  alice,
  contains,
  david,
  eve,
  fay,
  frank,
  grace,
  hank,
  labels,
  Person,
  realReceipt,
  said,
} from './play.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('from receipt to document', () => {
  let program: RunningProgram
  const person = (email: string) => new Person(email, () => program.people)
  const [Grace, Frank, Eve, David, Alice, Fay, Adam] = [grace, frank, eve, david, alice, fay, adam].map(
    person,
  )
  if (!Grace || !Frank || !Eve || !David || !Alice || !Fay || !Adam) throw new Error('people are missing')

  beforeAll(async () => {
    program = await RunningProgram.start()
  })
  afterAll(() => program.end())

  /** One document, mailed once to the submitter and once to finance. */
  async function expectOneDocument(number: string, submitter = Grace): Promise<Buffer> {
    await Promise.all([submitter?.mail(number), Fay?.mail(number)])
    await program.settle()
    const mails = await Promise.all([submitter?.mails(number), Fay?.mails(number)])
    expect(mails.map((list) => list?.length)).toEqual([1, 1])
    const [own, finance] = mails.map((list) => list?.[0]?.attachments ?? [])
    expect(own?.map(({ name }) => name)).toEqual([`${number}.pdf`])
    expect(own?.[0]?.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect(finance?.[0]?.bytes).toEqual(own?.[0]?.bytes)
    return own?.[0]?.bytes ?? Buffer.alloc(0)
  }

  test('a photographed receipt is read, approved by one tap and mailed as a PDF to submitter and finance', async () => {
    const posted = await Grace.post([await realReceipt()])
    const draft = await Grace.draftOf(posted.ts)
    const replies = await Grace.replies(posted.ts)
    expect(replies).toHaveLength(1)
    expect(said(replies[0])).toContain('Harbor &amp; Pine Cafe')
    expect(said(replies[0])).toContain('USD 38.64')
    expect(said(replies[0])).toContain('Frank Miller')
    await Grace.click(draft.ts, 'expense.submit')

    const card = await Frank.card(draft.number)
    expect(labels(card)).toEqual(['Approve', 'Reject', 'Send back', 'Ask', 'Details'])
    expect(card.text).toContain('Grace Taylor asks for your approval')
    const picture = card.blocks?.find(({ type }) => type === 'image')
    const file = await fetch(`${program.url}/sandbox/files/${picture?.slack_file?.id}`)
    expect(file.headers.get('content-type')).toBe('image/jpeg')
    expect(Buffer.from(await file.arrayBuffer()).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]))

    await Frank.click(card.ts, 'approval.approve')
    const closed = await Frank.closedCard(card.ts)
    expect(said(closed)).toMatch(/was approved by Frank Miller\*, <!date\^\d+\^/)
    const done = await Grace.reply(posted.ts, `${draft.number} is approved`)
    expect(labels(done)).toEqual([])
    await expectOneDocument(draft.number)
    expect(await Grace.replies(posted.ts)).toHaveLength(1)
    expect(await Frank.cards(draft.number)).toHaveLength(1)
  })

  test('large equipment asks manager, SEM and AD one after the other; the document comes after the last', async () => {
    const { number, thread } = await Grace.submit({ category: 'Equipment', amount: '2500.00' })
    for (const [approver, later] of [
      [Frank, [Eve, David]],
      [Eve, [David]],
      [David, []],
    ] as const) {
      await approver.card(number)
      await program.settle()
      for (const next of later) expect(await next.cards(number)).toEqual([])
      expect(await Grace.mails(number)).toEqual([])
      await approver.approve(number)
    }
    await Grace.reply(thread, `${number} is approved`)
    await expectOneDocument(number)
  })

  test.each([
    ['2000.00', 1],
    ['2000.01', 3],
  ])('equipment of %s needs %i approvals', async (amount, steps) => {
    const { number } = await Grace.submit({ category: 'Equipment', amount })
    const card = await Frank.card(number)
    const asked = card.blocks?.find(({ block_id }) => block_id === 'steps')
    expect(said({ blocks: asked ? [asked] : [] }).match(/^\S+ \d\. /gm)).toHaveLength(steps)
    await Frank.approve(number)
    await program.settle()
    expect(await Grace.mails(number)).toHaveLength(steps === 1 ? 1 : 0)
    expect(await Eve.cards(number)).toHaveLength(steps === 1 ? 0 : 1)
  })

  test('a rejection needs a reason, which the submitter sees with the name of who gave it', async () => {
    const { number, thread } = await Grace.submit()
    const card = await Frank.card(number)
    expect(await Frank.giveReason(card.ts, 'reject', '   ')).toEqual({
      kind: 'errors',
      errors: { comment: expect.stringMatching(/\w/) },
    })
    expect(labels(await Frank.card(number))).toContain('Approve')
    expect(
      await program.people.submitView({ as: frank, values: { comment: 'Not a <business> lunch' } }),
    ).toEqual({
      kind: 'closed',
    })
    expect(said(await Frank.closedCard(card.ts))).toContain('rejected by Frank Miller')
    const told = await Grace.reply(thread, 'was rejected by Frank Miller')
    expect(said(told)).toContain('Not a &lt;business&gt; lunch')
    expect(labels(told)).toEqual([])
    await program.settle()
    expect(await Grace.mails(number)).toEqual([])
    expect(await Fay.mails(number)).toEqual([])
  })

  test('an expense that was sent back is changed, submitted again under its number and approved on a new card', async () => {
    const draft = await Grace.submit({ amount: '80.00' })
    const first = await Frank.card(draft.number)
    expect(await Frank.giveReason(first.ts, 'send_back', 'Please name the guests')).toEqual({
      kind: 'closed',
    })
    expect(said(await Frank.closedCard(first.ts))).toContain('sent back by Frank Miller')
    expect(said(await Grace.reply(draft.thread, 'was sent back by Frank Miller'))).toContain(
      'Please name the guests',
    )

    const view = await Grace.openExpense(draft)
    expect(await Grace.fill(view, { amount: '75.00', note: 'With Ann and Ben' })).toEqual({ kind: 'closed' })
    await Grace.reply(draft.thread, 'USD 75.00')
    await Grace.click(draft.ts, 'expense.submit')
    const second = await Frank.card(draft.number)
    expect(second.ts).not.toBe(first.ts)
    expect(said(second)).toContain('With Ann and Ben')
    await program.people.waitFor(async () => labels(await Frank.closedCard(first.ts)).length === 0, {
      what: 'the old card to lose its Undo',
    })
    expect(await Frank.cards(draft.number)).toHaveLength(2)

    expect(said(await Frank.approve(draft.number))).toContain('approved by Frank Miller')
    // What happened to the first request stays true on its card.
    expect(said(await Frank.closedCard(first.ts))).toContain('sent back by Frank Miller')
    await Grace.reply(draft.thread, `${draft.number} is approved`)
    await expectOneDocument(draft.number)
  })

  test('a submitter takes an expense back before anybody decided; the card loses its buttons', async () => {
    const draft = await Grace.submit()
    const card = await Frank.card(draft.number)
    await Grace.reply(draft.thread, 'is waiting for Frank Miller')
    await Grace.click(draft.ts, 'expense.take_back')
    expect(said(await Frank.closedCard(card.ts))).toContain('taken back by Grace Taylor')
    const again = await Grace.draftOf(draft.thread)
    expect(again.number).toBe(draft.number)
    await Grace.click(draft.ts, 'expense.submit')
    await Frank.approve(draft.number)
    await expectOneDocument(draft.number)
  })

  test('a double click on Approve decides once', async () => {
    const { number, thread } = await Grace.submit()
    const card = await Frank.card(number)
    await Promise.allSettled(Array.from({ length: 4 }, () => Frank.click(card.ts, 'approval.approve')))
    await Frank.closedCard(card.ts)
    await Grace.reply(thread, `${number} is approved`)
    await expectOneDocument(number)
    // Whoever presses twice is not told off: their decision stands.
    expect((await Frank.messages()).filter((message) => contains(message, 'already'))).toEqual([])
    const decisions = await program.sql(
      `select 1 from audit_entry a join expense e on e.id = a.subject_id
       where a.action = 'approval.decided' and e.number = $1`,
      [number],
    )
    expect(decisions).toHaveLength(1)
  })

  test('of two finance people who approve the same step at the same moment one decides and the other is told', async () => {
    await program.sql(`update person set roles = '{admin,finance}' where email = $1`, [adam])
    try {
      // Nobody is above Alice, so finance decides.
      const { number, thread } = await Alice.submit()
      const cards = await Promise.all([Fay.card(number), Adam.card(number)])
      await Promise.all([
        Fay.click(cards[0].ts, 'approval.approve'),
        Adam.click(cards[1].ts, 'approval.approve'),
      ])
      const closed = await Promise.all([Fay.closedCard(cards[0].ts), Adam.closedCard(cards[1].ts)])
      const deciders = closed.map((card) => /approved by ([A-Z]\w+ [A-Z]\w+)/.exec(said(card))?.[1])
      expect(deciders[0]).toMatch(/^(Fay Adams|Adam Root)$/)
      expect(deciders[1]).toBe(deciders[0])
      await Alice.reply(thread, `${number} is approved`)
      await program.settle()
      const loser = deciders[0] === 'Fay Adams' ? Adam : Fay
      const told = (await loser.messages()).filter((message) =>
        contains(message, `${deciders[0]} already approved`),
      )
      expect(told).toHaveLength(1)
      expect(await Alice.mails(number)).toHaveLength(1)
    } finally {
      await program.sql(`update person set roles = '{admin}' where email = $1`, [adam])
    }
  })

  test('nobody is above the CTO, so finance decides her expense', async () => {
    const { number, thread } = await Alice.submit()
    await Alice.reply(thread, 'is waiting for Fay Adams')
    await Fay.approve(number)
    await Alice.reply(thread, `${number} is approved`)
    await expectOneDocument(number, Alice)
  })

  test('somebody in finance never decides their own expense', async () => {
    const { number, thread } = await Fay.submit()
    await Fay.reply(thread, 'is waiting for')
    await program.settle()
    expect((await Fay.cards(number)).filter((card) => labels(card).includes('Approve'))).toEqual([])
    await Frank.approve(number)
    await Fay.mail(number)
    await program.settle()
    expect(await Fay.mails(number)).toHaveLength(1)
  })

  test('an expense that nobody else may decide is blocked and says so', async () => {
    const Hank = person(hank)
    const draft = await Hank.draft()
    const view = await Hank.openExpense(draft)
    await Hank.fill(view, { merchant: 'Moe', amount: '10.00', date: '2026-01-15', category: 'Meals' })
    await Hank.reply(draft.thread, 'Nobody in the company may decide this expense')
    await program.settle()
    expect((await Hank.messages()).filter((message) => labels(message).includes('Approve'))).toEqual([])
    expect(await Hank.mails(draft.number)).toEqual([])
  })

  test('a foreign amount is judged by its value in the company’s currency', async () => {
    const { number } = await Grace.submit({ category: 'Equipment', amount: '1900.00', currency: 'eur' })
    const card = await Frank.card(number)
    expect(said(card)).toMatch(/EUR\s1,900\.00 \(USD\s2,\d{3}\.\d\d\)/)
    await Frank.approve(number)
    await Eve.approve(number)
    await David.approve(number)
    await expectOneDocument(number)
  })

  test('a hostile merchant is shown as plain words in thread, card, mail and PDF', async () => {
    const hostile = '<!channel> *bold* <@U123> & "quotes" <script>alert(1)</script>'
    const { number, thread } = await Grace.submit({ merchant: hostile, note: '<!here> _note_' })
    const card = await Frank.card(number)
    await Frank.approve(number)
    const done = await Grace.reply(thread, `${number} is approved`)
    const closed = await Frank.closedCard(card.ts)
    for (const message of [card, closed, done]) {
      const mrkdwn = JSON.stringify([message.text, message.blocks?.filter(({ type }) => type !== 'image')])
      expect(mrkdwn).toContain('&lt;!channel&gt;')
      expect(mrkdwn).toContain('&lt;@U123&gt; &amp; ')
      expect(mrkdwn).not.toMatch(/<[!@](channel|here|U123)/)
      expect(mrkdwn).not.toContain('*bold*')
    }
    // The description of the picture is plain text: nothing stands for anything else there.
    expect(card.blocks?.find(({ type }) => type === 'image')?.alt_text).toContain('<!channel>')
    const pdf = await expectOneDocument(number)
    expect(await textOfPdf(pdf)).toContain(hostile)
    for (const someone of [Grace, Fay]) {
      const mail = await someone.mail(number)
      expect(mail.html).not.toMatch(/<script|<!channel|<@U/)
      expect(mail.html).toContain('&lt;!channel&gt;')
      expect(mail.text).toContain(hostile)
    }
  })

  test('no outgoing work was given up on the way', async () => {
    await program.settle()
    expect(await program.outbox()).toMatchObject({ dead: 0 })
  })
})
