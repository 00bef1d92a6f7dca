import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { FileToSend, ShownMessage } from '../../src/sandbox/client.ts'
import { RunningProgram } from '../support/running-program.ts'
import { blankPaper, contains, frank, grace, hasButton, labels, Person, said } from './play.ts'
import { changeWorkspace, SlackWire } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('in channels', () => {
  let program: RunningProgram
  const Grace = new Person(grace, () => program.people)

  beforeAll(async () => {
    program = await RunningProgram.start()
    await changeWorkspace(program)
  })
  afterAll(() => program.end())

  const post = (as: string, message: { text?: string; files?: FileToSend[]; threadTs?: string }) =>
    program.people.postMessage({ as, channel: '#expenses', ...message })
  const replies = async (ts: string): Promise<ShownMessage[]> =>
    (await program.people.replies({ as: grace, channel: '#expenses', ts })).slice(1)
  const reply = (ts: string, words: string) =>
    program.people.waitFor(async () => (await replies(ts)).find((one) => contains(one, words)), {
      what: `“${words}” in the channel`,
      timeoutMs: 25_000,
    })
  const topLevel = async () =>
    (await program.people.messages({ as: grace, channel: '#expenses' })).filter(({ bot_id }) => bot_id)

  /** The message in Grace's own conversation that has this button and was not there before. */
  async function fresh(seen: Set<string>, label: string): Promise<ShownMessage> {
    return program.people.waitFor(
      async () => (await Grace.messages()).find((one) => !seen.has(one.ts) && hasButton(one, label)),
      { what: `“${label}” in the conversation`, timeoutMs: 25_000 },
    )
  }
  const seenByGrace = async () => new Set((await Grace.messages()).map(({ ts }) => ts))

  test('of a file the channel learns only that it is with us; the draft is where nobody else sees it', async () => {
    const seen = await seenByGrace()
    const { ts } = await post(grace, { files: [await blankPaper()] })
    const note = await reply(ts, 'Grace Taylor’s receipt is with me')
    expect(said(await fresh(seen, 'Edit'))).toContain('EXP-')
    await program.settle()
    expect([said(note), labels(note)]).toEqual([expect.not.stringContaining('EXP-'), []])
    expect(await replies(ts)).toHaveLength(1)
    expect(await topLevel()).toEqual([])
  })

  test('a mention with an amount becomes one draft, though it arrives as two events', async () => {
    const wire = await SlackWire.tap(program, { copies: 2 })
    const { ts } = await post(grace, { text: '@Outlay scooter 12 EUR today' })
    await reply(ts, 'Grace Taylor’s expense is with me')
    await program.settle()
    await wire.untap()
    expect(await replies(ts)).toHaveLength(1)
    expect(await program.sql(`select 1 from expense where merchant_name = 'Scooter'`)).toHaveLength(1)
  })

  test('a mention with a file is one expense as well', async () => {
    const before = (await program.sql('select 1 from expense')).length
    const { ts } = await post(grace, { text: '@Outlay here you are', files: [await blankPaper()] })
    await reply(ts, 'is with me')
    await program.settle()
    expect(await replies(ts)).toHaveLength(1)
    expect(await program.sql('select 1 from expense')).toHaveLength(before + 1)
  })

  test('a mention without anything useful gets one line of help in the thread', async () => {
    const { ts } = await post(grace, { text: '@Outlay hello!' })
    await reply(ts, 'Post a photo or PDF of a receipt here')
    await program.settle()
    expect(await replies(ts)).toHaveLength(1)
    expect(await topLevel()).toEqual([])
  })

  test('talk is none of ours: no answer, and nothing is stored', async () => {
    const { ts } = await post(grace, { text: 'lunch was 45 EUR, who joins tomorrow?' })
    await post(frank, { text: 'me!', threadTs: ts })
    await post(frank, { files: [{ name: 'agenda.txt', bytes: Buffer.from('one, two') }] })
    await program.settle()
    expect(await replies(ts)).toHaveLength(1)
    expect(await topLevel()).toEqual([])
    expect(
      await program.sql(`select 1 from inbound_delivery where payload ->> 'text' like '%joins tomorrow%'`),
    ).toEqual([])
  })

  test('colleagues talking below are left alone; questions and answers go where nobody else reads', async () => {
    const seen = await seenByGrace()
    const { ts } = await post(grace, { files: [await blankPaper()] })
    const draft = await fresh(seen, 'Edit')
    const number = /EXP-\d{4}-\d+/.exec(said(draft))?.[0] ?? ''
    await post(frank, { text: 'nice place', threadTs: ts })
    await post(grace, { text: 'it is', threadTs: ts })
    await Grace.click(draft.ts, 'expense.complete')
    await Grace.fill(await Grace.form('expense.edit'), {
      merchant: 'Corner Shop',
      amount: '12.50',
      currency: 'USD',
      date: '2026-01-15',
      category: 'Meals',
    })
    const Frank = new Person(frank, () => program.people)
    const card = await Frank.card(number)
    await Frank.giveReason(card.ts, 'ask', 'With whom?')
    const question = await fresh(seen, 'Answer')
    await Grace.answer(question.ts, 'With Ann.')
    await Frank.reply(card.ts, 'With Ann.')
    await program.settle()
    expect((await replies(ts)).filter(({ bot_id }) => bot_id).map(said)).toEqual([
      expect.stringContaining('is with me'),
    ])
  })

  test('several files are asked about there as well', async () => {
    const seen = await seenByGrace()
    const { ts } = await post(grace, { files: [await blankPaper(), await blankPaper()] })
    await reply(ts, 'Grace Taylor’s 2 receipts are with me')
    const question = await fresh(seen, 'One expense, 2 receipts')
    await Grace.click(question.ts, 'question.together')
    await Grace.message(question.ts, '2 files, one expense')
    await program.settle()
    expect(await replies(ts)).toHaveLength(1)
  })

  describe('people who are none of ours', () => {
    test('somebody unknown who posts a file is told so, and nobody else sees it', async () => {
      const email = 'nina.newcomer@techcorp.example'
      await changeWorkspace(program, { people: [{ email, name: 'Nina Newcomer' }] })
      const { ts } = await post(email, { files: [await blankPaper()] })
      await program.settle()
      expect(await replies(ts)).toEqual([])
      const seen = await program.people.replies({ as: email, channel: '#expenses', ts })
      expect(seen.some((one) => contains(one, 'I do not know you yet'))).toBe(true)
      const asked = await program.people.mails({ to: 'adam.root@techcorp.example' })
      expect(asked.filter(({ text }) => text.includes(email))).toHaveLength(1)
    })

    test('a guest of our own workspace counts, as our admin vouches for the address', async () => {
      const eve = 'eve.davis@techcorp.example'
      await changeWorkspace(program, { people: [{ email: eve, name: 'Eve Davis', isRestricted: true }] })
      const { ts } = await post(eve, { files: [await blankPaper()] })
      await reply(ts, 'is with me')
    })

    test('somebody who left the company is told so, and nobody else sees it', async () => {
      const bob = 'bob.smith@techcorp.example'
      await program.sql('update person set active = false where email = $1', [bob])
      const { ts } = await post(bob, { files: [await blankPaper()] })
      await program.settle()
      expect(await replies(ts)).toEqual([])
      const seen = await program.people.replies({ as: bob, channel: '#expenses', ts })
      expect(seen.some((one) => contains(one, 'not active'))).toBe(true)
    })

    test('somebody from another workspace is never taken for one of us, whatever address they bear', async () => {
      const alice = 'alice.chen@techcorp.example'
      await changeWorkspace(program, { people: [{ email: alice, name: 'Alice Chen', isStranger: true }] })
      const { ts } = await post(alice, { files: [await blankPaper()] })
      await program.settle()
      expect(await replies(ts)).toEqual([])
      const seen = await program.people.replies({ as: alice, channel: '#expenses', ts })
      expect(seen.some((one) => contains(one, 'only help people who belong to this workspace'))).toBe(true)
      expect(await program.sql('select 1 from expense_delivery where key like $1', [`%${ts}%`])).toEqual([])
    })

    test('a colleague without an account is told about a receipt, and of other files hears nothing', async () => {
      const email = 'zoe.zipper@techcorp.example'
      await changeWorkspace(program, { people: [{ email, name: 'Zoe Zipper' }] })
      const seen = (ts: string) => program.people.replies({ as: email, channel: '#expenses', ts })
      const requests = () => program.sql('select 1 from access_request where email = $1', [email])
      const other = await post(email, {
        files: [{ name: 'photos.zip', bytes: Buffer.from('PK\u0003\u0004 no receipt') }],
      })
      await program.settle()
      expect([await seen(other.ts), await requests()]).toEqual([[expect.anything()], []])
      const { ts } = await post(email, { files: [await blankPaper()] })
      await program.settle()
      expect((await seen(ts)).some((one) => contains(one, 'do not know you'))).toBe(true)
      expect(await requests()).toHaveLength(1)
    })

    test.each([
      ['a bot', { bot_id: 'B1', subtype: 'bot_message' }],
      ['a workflow', { bot_id: 'B2' }],
      ['somebody who joins', { subtype: 'channel_join' }],
    ])('%s is left alone', async (_who, what) => {
      const { body, ts } = await fileEvent(program, { user: await Grace.id(), ...what })
      expect((await program.asSlack(JSON.stringify(body))).status).toBe(200)
      await program.settle()
      expect(await program.sql('select 1 from inbound_delivery where key like $1', [`%${ts}%`])).toEqual([])
    })
  })

  test('no outgoing work was given up on the way', async () => {
    await program.settle()
    expect(await program.outbox()).toMatchObject({ dead: 0 })
  })
})

let made = 0
/** The event of a message with a file. */
async function fileEvent(
  program: RunningProgram,
  changes: object = {},
): Promise<{ body: object; ts: string }> {
  made += 1
  const { teamId } = await changeWorkspace(program)
  const ts = `1790000000.00000${made}`
  const file = { id: 'F1', name: 'receipt.jpg', url_private_download: 'https://files.slack.com/x' }
  const event = {
    type: 'message',
    subtype: 'file_share',
    channel: 'C1',
    channel_type: 'channel',
    ts,
    text: '',
    files: [file],
    ...changes,
  }
  return {
    ts,
    body: {
      type: 'event_callback',
      team_id: teamId,
      event_id: `Ev${made}`,
      event_time: 1_790_000_000,
      event,
    },
  }
}
