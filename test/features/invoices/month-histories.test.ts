import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { bob, fay } from '../expenses/kinds-company.ts'
import { Books } from './months-support.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
const runs = Number(process.env.COMPANIES ?? 5)

/** What happens to the books, one after the other; numbers choose among what there is. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('approve' as const),
      // In euros it is more in the company's currency, and still less than what needs a receipt.
      cents: fc.integer({ min: 1, max: 2200 }),
      split: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('undo' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('approve again' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('settle' as const), which: fc.nat(20) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 40 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('close' as const) }) },
)

test('the months add up to what is approved in the end, whatever was approved, taken back and closed in between', async () => {
  let company = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 16 }), async (steps) => {
      company += 1
      await database.asSuperuser(`update person set email = 'c${company}.' || email where email like '%@kinds.example'
        and email not like 'c%.%@%'`)
      await database.asSuperuser(`update company set name = 'Company ${company}' where name = 'Kinds'`)
      const books = await Books.create(database)
      books.at('2026-09-15T12:00:00Z')
      const made: { id: string; approvalId: string; state: 'approved' | 'waiting' | 'settled' }[] = []
      const pick = (state: 'approved' | 'waiting', which: number) => {
        const among = made.filter((one) => one.state === state)
        return among[which % Math.max(1, among.length)]
      }
      for (const one of steps) {
        if (one.kind === 'approve') {
          const amount = (one.cents / 100).toFixed(2)
          const half = Math.floor(one.cents / 2)
          const parts: [['travel', string], ['meals', string]] = [
            ['travel', ((one.cents - half) / 100).toFixed(2)],
            ['meals', (half / 100).toFixed(2)],
          ]
          const changes = { amount, currency: one.cents % 3 === 0 ? 'EUR' : 'USD' }
          const split = one.split && half > 0 ? { parts } : {}
          made.push({ ...(await books.approved({ ...split, changes })), state: 'approved' })
        } else if (one.kind === 'undo') {
          const chosen = pick('approved', one.which)
          if (chosen) await books.company.undo(chosen.approvalId, bob)
          if (chosen) chosen.state = 'waiting'
        } else if (one.kind === 'approve again') {
          const chosen = pick('waiting', one.which)
          if (chosen)
            Object.assign(chosen, {
              approvalId: await books.company.decide(chosen.id, bob),
              state: 'approved',
            })
        } else if (one.kind === 'settle') {
          const chosen = pick('approved', one.which)
          if (chosen) await books.settle([chosen.id])
          if (chosen) chosen.state = 'settled'
        } else if (one.kind === 'wait') {
          database.clock.advance(one.days * 86_400_000)
        } else {
          await closeNext(books)
        }
        database.clock.advance(1000)
      }
      // Time passes until everything can be closed, and is.
      database.clock.advance(62 * 86_400_000)
      while (await closeNext(books));
      await expectToAddUp(books)
    }),
    { numRuns: runs },
  )
}, 240_000)

async function closeNext(books: Books): Promise<boolean> {
  const open = (await books.months(100)).filter(({ closed }) => !closed).at(-1)
  if (!open) return false
  const { isOver } = await books.overview(open.month)
  if (!isOver) return false
  const before = await books.overview(open.month)
  await books.close(open.month)
  // What was shown before is what was closed.
  const after = await books.overview(open.month)
  expect({ ...after, closed: null }).toEqual(before)
  return true
}

async function expectToAddUp(books: Books): Promise<void> {
  const approved = await database.asSuperuser<{ number: string; minor: number }>(
    `select number, company_amount_minor::int as minor from expense
     where company_id = $1 and status in ('approved', 'settled') and kind <> 'request' order by 1`,
    [books.company.id],
  )
  const entries = await books.entries()
  const left = Map.groupBy(entries, ({ number }) => number)
  const balance = [...left]
    .map(([number, list]) => ({ number, minor: list.reduce((all, { minor }) => all + minor, 0) }))
    .filter(({ minor }) => minor !== 0)
    .sort((one, other) => (one.number < other.number ? -1 : 1))
  expect(balance).toEqual(approved)
  const listed = (await books.months(100)).filter(({ closed }) => closed)
  const total = listed.reduce((all, month) => all + month.total.minor, 0)
  expect(total).toBe(approved.reduce((all, { minor }) => all + minor, 0))
  for (const { month } of listed) {
    const { total, byCategory, byTeam } = await books.overview(month, fay)
    const sum = (parts: typeof byTeam) => parts.reduce((all, part) => all + part.total.minor, 0)
    expect([sum(byCategory), sum(byTeam)]).toEqual([total.minor, total.minor])
  }
}
