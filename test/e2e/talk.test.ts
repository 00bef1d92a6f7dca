import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'
import { contains, frank, grace, labels, Person, said } from './play.ts'
import { changeWorkspace, SlackWire } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('what people write to Outlay', () => {
  let program: RunningProgram
  const Grace = new Person(grace, () => program.people)

  beforeAll(async () => {
    program = await RunningProgram.start()
  })
  afterAll(() => program.end())

  /** What is on record of an expense. */
  async function recorded(number: string) {
    const [row] = await program.sql(
      `select merchant_name, amount_minor::int, currency, uncertain, confirmed, note, source,
         (select count(*)::int from receipt where receipt.expense_id = expense.id) as receipts
       from expense where number = $1`,
      [number],
    )
    return row
  }

  test('a text alone becomes a draft in its thread, with what was understood', async () => {
    const { ts } = await Grace.post([], 'taxi 23.50 EUR yesterday')
    const { number } = await Grace.draftOf(ts)
    expect(await recorded(number)).toMatchObject({
      merchant_name: 'Taxi',
      amount_minor: 2350,
      currency: 'EUR',
      source: 'slack',
      receipts: 0,
    })
    await program.settle()
    expect(await Grace.replies(ts)).toHaveLength(1)
  })

  test('German is understood as well', async () => {
    const { ts } = await Grace.post([], '12,50 € Kaffee gestern')
    const { number } = await Grace.draftOf(ts)
    expect(await recorded(number)).toMatchObject({
      merchant_name: 'Kaffee',
      amount_minor: 1250,
      currency: 'EUR',
    })
  })

  test('what was guessed is marked', async () => {
    const { ts } = await Grace.post([], 'dinner 450 kr')
    const { number } = await Grace.draftOf(ts)
    const row = await recorded(number)
    expect(row?.uncertain).toEqual(expect.arrayContaining(['currency', 'date']))
    expect(row?.confirmed).toContain('merchant')
  })

  test('several amounts are asked about', async () => {
    const { ts } = await Grace.post([], 'hotel 100 EUR and breakfast 20 EUR')
    expect(said(await Grace.reply(ts, 'several amounts'))).toContain('EUR 100.00 and EUR 20.00')
  })

  test('somebody whose Slack speaks German is answered in German', async () => {
    await changeWorkspace(program, { people: [{ email: frank, name: 'Frank Miller', locale: 'de-DE' }] })
    const Frank = new Person(frank, () => program.people)
    const { ts } = await Frank.post([], 'Guten Tag')
    await Frank.reply(ts, 'Schicken Sie mir hier ein Foto oder PDF eines Belegs')
    const several = await Frank.post([], 'Hotel 100,00 EUR und Frühstück 20,00 EUR')
    expect(said(await Frank.reply(several.ts, 'Ich sehe mehrere Beträge'))).toContain(
      '100,00 EUR und 20,00 EUR',
    )
  })

  test('what is no expense gets one kind answer', async () => {
    const { ts } = await Grace.post([], 'Hello there')
    await Grace.reply(ts, 'Drop a photo or PDF of a receipt here')
    await program.settle()
    expect(await Grace.replies(ts)).toHaveLength(1)
  })

  test('a text delivered three times at once is one expense', async () => {
    const wire = await SlackWire.tap(program, { copies: 3 })
    const { ts } = await Grace.post([], 'tram 4.20 EUR today')
    await Grace.draftOf(ts)
    await program.settle()
    await wire.untap()
    expect(await program.sql(`select 1 from expense where merchant_name = 'Tram'`)).toHaveLength(1)
    expect(await Grace.replies(ts)).toHaveLength(1)
  })

  test('an edited text keeps its draft as it was, and says so once', async () => {
    const { ts } = await Grace.post([], 'bus 3.10 EUR today')
    const { number } = await Grace.draftOf(ts)
    await program.people.editMessage({ as: grace, channel: 'dm', ts, text: 'bus 31.00 EUR today' })
    const reply = await Grace.reply(ts, 'as you first wrote it')
    expect(said(reply)).toContain(`${number}`)
    expect(said(reply)).toContain('EUR 3.10')
    await program.people.editMessage({ as: grace, channel: 'dm', ts, text: 'bus 32.00 EUR today' })
    await program.settle()
    expect(await Grace.replies(ts)).toHaveLength(2)
    expect(await recorded(number)).toMatchObject({ amount_minor: 310 })
    expect(await program.sql(`select 1 from expense where merchant_name = 'Bus'`)).toHaveLength(1)
  })

  test('a text that became an expense only by editing becomes its draft, also at the second try', async () => {
    const { ts } = await Grace.post([], 'metro 2.80 today?')
    await Grace.reply(ts, 'Drop a photo')
    await program.people.editMessage({ as: grace, channel: 'dm', ts, text: 'metro today' })
    await program.people.editMessage({ as: grace, channel: 'dm', ts, text: 'metro 2.80 EUR today' })
    await Grace.draftOf(ts)
    expect(await program.sql(`select 1 from expense where merchant_name = 'Metro'`)).toHaveLength(1)
  })

  test('a deleted message leaves its draft, which can be discarded from there', async () => {
    const { ts } = await Grace.post([], 'ferry 8.00 EUR today')
    const { number } = await Grace.draftOf(ts)
    await program.people.deleteMessage({ as: grace, channel: 'dm', ts })
    const told = await program.people.waitFor(
      async () =>
        (await program.people.replies({ as: grace, channel: 'dm', ts })).find((one) =>
          contains(one, 'You deleted the message'),
        ),
      { what: 'the offer to discard' },
    )
    expect(labels(told)).toEqual(['Discard'])
    await Grace.click(told.ts, 'expense.discard')
    await program.settle()
    const [row] = await program.sql('select status from expense where number = $1', [number])
    expect(row).toEqual({ status: 'cancelled' })
  })

  test('of a submitted expense a deleted message changes nothing, in silence', async () => {
    const { ts } = await Grace.post([], 'train 18.00 USD today')
    const draft = await Grace.draftOf(ts)
    await Grace.complete(draft, { merchant: 'Train', amount: '18.00', category: 'Travel' })
    await program.settle()
    const before = (await program.people.replies({ as: grace, channel: 'dm', ts })).length
    await program.people.deleteMessage({ as: grace, channel: 'dm', ts })
    await program.settle()
    const after = await program.people.replies({ as: grace, channel: 'dm', ts })
    expect(after.filter((one) => contains(one, 'You deleted'))).toEqual([])
    expect(after.length).toBeLessThanOrEqual(before)
  })
})
