import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acrossCompanies, inCompany, type Tx } from '../../src/database/index.ts'
import { decideApproval, undoDecision, type Verdict } from '../../src/features/approvals/index.ts'
import { backtestPolicies } from '../../src/features/backtest/index.ts'
import {
  closeSpendRequest,
  commentOnExpense,
  discardExpense,
  draftExpense,
  editExpense,
  listSpendRequests,
  listWaitingExpenses,
  reactToApproval,
  submitExpense,
  withdrawExpense,
} from '../../src/features/expenses/index.ts'
import { importOrganisation, parseOrganisation } from '../../src/features/organisation/index.ts'
import { addDelegation, personByEmail } from '../../src/features/people/index.ts'
import { addDays, dateIn } from '../../src/kernel/calendar-date.ts'
import { AppError } from '../../src/kernel/errors.ts'
import { doTurns } from '../support/do-work.ts'
import { taxiReceipt } from '../support/taxi-receipt.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'
import { makeCompany, stricter } from './make-company.ts'
import { claimOf, readReceipts } from './month-claims.ts'
import { checkLawful } from './month-laws.ts'
import { Random } from './random.ts'

/**
 * A month of a company through the use cases, several people at a time. In the suite a small one; the month of the README:
 * `PEOPLE=200 EXPENSES=5000 npm test -- test/simulation`.
 */
const people = Number(process.env.PEOPLE ?? 30)
const expenses = Number(process.env.EXPENSES ?? 160)
const atATime = 6
const subjects = { expense: reactToApproval }
const actor = { personId: null, channel: 'cli' as const }

let database: TestDatabase
let companyId: string
let company: ReturnType<typeof makeCompany>
const ids = new Map<string, string>()
const happened = new Map<string, number>()
const count = (what: string) => happened.set(what, (happened.get(what) ?? 0) + 1)

beforeAll(async () => {
  database = await createTestDatabase()
  database.clock.advance(-19 * 86_400_000)
  company = makeCompany(new Random(7), people)
  const imported = await importOrganisation(database, parseOrganisation(company.text, 'month.yaml'), {
    actor,
    subjects,
  })
  companyId = imported.companyId
  for (const email of company.submitters) {
    const person = await acrossCompanies(database, (tx) => personByEmail(tx, email))
    if (person) ids.set(email, person.id)
  }
})
afterAll(() => database.drop())

/** What is refused with a sentence for people is part of life; anything else is a defect. */
async function act(email: string, what: string, work: (tx: Tx) => Promise<unknown>): Promise<boolean> {
  const who = { companyId, actor: { personId: ids.get(email) ?? null, channel: 'slack' as const } }
  try {
    await inCompany(database, who, work)
    count(what)
    return true
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'permanent') throw error
    count(`${what} refused: ${error.code}`)
    return false
  }
}

async function live(random: Random, index: number): Promise<void> {
  const email = random.pick(company.submitters)
  const kind = random.chance(0.75) ? 'receipt' : random.pick(['mileage', 'request', 'request'] as const)
  let id = ''
  await act(email, `draft ${kind}`, async (tx) => {
    const submitterId = ids.get(email) ?? ''
    const deliveryKey = `month:${index}`
    // With what was approved before, a receipt is all that is needed.
    const isPaid = kind === 'receipt' && (await listSpendRequests(tx, submitterId)).length > 0
    const files = isPaid ? [{ name: 'receipt.pdf', bytes: (await taxiReceipt()).content }] : []
    if (isPaid) count('draws on a request')
    id = (await draftExpense(tx, { submitterId, kind, source: 'slack', deliveryKey, files })).id
  })
  if (id === '') return
  const fill = () =>
    act(email, 'edit', async (tx) => {
      await editExpense(tx, id, await claimOf(tx, random, { kind, index }))
      await readReceipts(tx, id)
    })
  await fill()
  if (random.chance(0.03)) await act(email, 'discard', (tx) => discardExpense(tx, id))
  else if (await act(email, 'submit', (tx) => submitExpense(tx, id))) {
    if (random.chance(0.03)) await act(email, 'withdraw', (tx) => withdrawExpense(tx, id))
    else await decideSome(random, email, id, fill)
  }
  if (kind === 'request' && random.chance(0.2)) await act(email, 'close', (tx) => closeSpendRequest(tx, id))
  if (random.chance(0.1)) await goAway(random, random.pick(company.submitters))
  // Others go through what waits for them, now and then.
  await goThroughInbox(random, random.pick(company.submitters))
}

/** Somebody lets somebody else decide for a day or two, from now on. */
async function goAway(random: Random, email: string): Promise<void> {
  const from = dateIn(database.clock.now(), 'America/New_York')
  const delegateId = ids.get(random.pick(company.submitters)) ?? ''
  const to = addDays(from, random.chance(0.5) ? 0 : 1)
  await act(email, 'delegation', (tx) =>
    addDelegation(tx, { principalId: ids.get(email) ?? '', delegateId, from, to, upTo: null }),
  )
  await doTurns(database)
}

async function decideSome(
  random: Random,
  email: string,
  id: string,
  fill: () => Promise<boolean>,
): Promise<void> {
  for (let round = 0; round < 6; round++) {
    const asked = await database.asSuperuser<{ approval: string; email: string }>(
      `select a.id as approval, p.email from approval a join approval_request r on r.id = a.request_id
       join approval_ask k on k.approval_id = a.id and k.ended_at is null
       join person p on p.id = k.person_id where r.subject_id = $1 and a.status = 'asked' order by a.id, k.id`,
      [id],
    )
    const [expense] = await database.asSuperuser<{ status: string }>(
      'select status from expense where id = $1',
      [id],
    )
    if (expense?.status === 'sent_back' || expense?.status === 'blocked') {
      await fill()
      if (!(await act(email, 'resubmit', (tx) => submitExpense(tx, id))) || random.chance(0.3)) return
      continue
    }
    if (asked.length === 0) return
    // Two at one moment, now and then: any-of, all-of, the last two.
    const deciding = random.chance(0.3) ? asked.slice(0, 3) : [random.pick(asked)]
    await Promise.all(deciding.map(({ approval, email: by }) => decide(random, by, approval)))
    if (random.chance(0.08)) await takeBack(random, id)
    if (random.chance(0.05))
      await act(email, 'comment', (tx) => commentOnExpense(tx, subjects, id, 'It was for the client.'))
  }
}

/** One of those who decided about an expense changes their mind. */
async function takeBack(random: Random, id: string): Promise<void> {
  const decided = await database.asSuperuser<{ approvalId: string; email: string }>(
    `select a.id as "approvalId", p.email from approval a join approval_request r on r.id = a.request_id
     join person p on p.id = a.decided_by where r.subject_id = $1 order by a.id`,
    [id],
  )
  if (decided.length === 0) return
  const { approvalId, email } = random.pick(decided)
  await act(email, 'undo', (tx) => undoDecision(tx, subjects, { approvalId }))
}

function decide(random: Random, email: string, approvalId: string): Promise<boolean> {
  const roll = random.next()
  const verdict: Verdict =
    roll < 0.87 ? 'approve' : roll < 0.92 ? 'reject' : roll < 0.96 ? 'send_back' : 'ask'
  const comment = verdict === 'approve' ? undefined : 'Please say more.'
  return act(email, verdict, (tx) => decideApproval(tx, subjects, { approvalId, verdict, comment }))
}

async function goThroughInbox(random: Random, email: string): Promise<void> {
  let waiting: { approvalId: string }[] = []
  await act(email, 'inbox', async (tx) => {
    waiting = await listWaitingExpenses(tx, { limit: 5 })
  })
  for (const { approvalId } of waiting) await decide(random, email, approvalId)
}

/** Somebody leaves, by the file, while their approvals are open. */
async function leave(index: number): Promise<void> {
  const organisation = JSON.parse(company.text)
  const gone = organisation.people
    .filter((_: unknown, at: number) => at > 6 && at % 17 === index % 17)
    .slice(0, 2)
  for (const person of gone) person.active = false
  company.text = JSON.stringify(organisation)
  await importOrganisation(database, parseOrganisation(company.text, 'month.yaml'), { actor, subjects })
  count('people left')
}

test('a month of work leaves every expense in a lawful state', { timeout: 3_600_000 }, async () => {
  const seeds = new Random(11)
  let next = 0
  const worker = async () => {
    const random = new Random(Math.floor(seeds.next() * 2 ** 32))
    for (let index = next++; index < expenses; index = next++) {
      database.clock.advance(Math.floor((20 * 86_400_000) / expenses))
      if (index > 0 && index % Math.ceil(expenses / 5) === 0) await leave(index)
      await live(random, index)
    }
  }
  await Promise.all(Array.from({ length: atATime }, worker))
  await checkLawful(database)
  const statuses = await database.asSuperuser<{ status: string; n: number }>(
    'select status, count(*)::int as n from expense where company_id = $1 group by 1 order by 2 desc',
    [companyId],
  )
  console.log(
    `${people} people, ${expenses} expenses: ${statuses.map(({ status, n }) => `${n} ${status}`).join(', ')}; ` +
      [...happened].map(([what, n]) => `${n} × ${what}`).join(', '),
  )
  expect(statuses.reduce((sum, { n }) => sum + n, 0)).toBeGreaterThan(expenses * 0.8)
})

test('the backtest of a stricter policy on that month adds up', { timeout: 3_600_000 }, async () => {
  const organisation = parseOrganisation(stricter(company.text), 'stricter.yaml')
  if (!organisation.document) throw new Error('no policies')
  const summary = await backtestPolicies(
    database,
    { companyId, actor },
    { document: organisation.document, since: '2026-10-01' },
  )
  const [judged] = await database.asSuperuser<{ n: number; minor: string }>(
    `select count(*)::int as n, sum(company_amount_minor) as minor from expense
     where company_id = $1 and status not in ('draft', 'cancelled') and submitted_at is not null`,
    [companyId],
  )
  const sum = (of: (outcome: (typeof summary.outcomes)[number]) => number) =>
    summary.outcomes.reduce((total, one) => total + of(one), 0)
  expect(sum(({ count }) => count)).toBe(judged?.n)
  expect(sum(({ amount }) => amount.minor)).toBe(Number(judged?.minor))
  console.log(await printedBacktest())
  const same = await backtestPolicies(
    database,
    { companyId, actor },
    {
      document: parseOrganisation(company.text, 'month.yaml').document ?? organisation.document,
      since: '2026-10-01',
    },
  )
  expect(same.outcomes.filter(({ outcome, count }) => outcome !== 'same' && count > 0)).toEqual([])
  expect(sum(({ outcome, count }) => (outcome === 'same' ? 0 : count))).toBeGreaterThan(0)
})

/** What the command prints about the same. */
async function printedBacktest(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'outlay-month-'))
  try {
    const file = join(directory, 'stricter.yaml')
    await writeFile(file, stricter(company.text))
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['src/cli.ts', 'policy', 'backtest', file, '--since', '2026-10-01'],
      {
        env: {
          PATH: process.env.PATH,
          DATABASE_URL: database.url,
          PUBLIC_URL: 'http://localhost:3000',
          LINK_KEYS: `k1:${'x'.repeat(40)}`,
          DATA_KEY: 'y'.repeat(40),
        },
      },
    )
    expect(stdout).toContain('no difference')
    return stdout.replace(directory, '')
  } finally {
    await rm(directory, { recursive: true })
  }
}
