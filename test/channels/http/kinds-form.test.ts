import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { draftExpense, type ExpenseKind, viewExpense } from '../../../src/features/expenses/index.ts'
import { listCategories } from '../../../src/features/people/index.ts'
import { as } from '../../support/test-database.ts'
import { grace, openPages, type Pages } from './pages-support.ts'

let pages: Pages
let travel = ''
let meals = ''
let drafts = 0
beforeAll(async () => {
  pages = await openPages()
  const categories = await as(pages.database, grace, (tx) => listCategories(tx))
  travel = categories.find(({ key }) => key === 'travel')?.id ?? ''
  meals = categories.find(({ key }) => key === 'meals')?.id ?? ''
})
afterAll(() => pages.close())

const view = (id: string) => as(pages.database, grace, (tx) => viewExpense(tx, id))
const fieldsIn = ({ body }: { body: string }) =>
  [...body.matchAll(/<a href="#([\w.]+)">/g)].map(([, field]) => field)

/** An empty draft of Grace's, and her link. */
async function start(kind: ExpenseKind): Promise<{ id: string; own: string }> {
  drafts += 1
  const { id } = await as(pages.database, grace, (tx) =>
    draftExpense(tx, {
      kind,
      submitterId: tx.actor.personId ?? '',
      source: 'email',
      deliveryKey: `kinds ${drafts}`,
      files: [],
    }),
  )
  return { id, own: await pages.linkTo('expense', grace, id) }
}

const drive = () => ({
  from: 'Boston',
  to: 'New York',
  distance: '215.5',
  date: '2026-11-03',
  category: travel,
})
const stay = () => ({
  firstDay: '2026-11-03',
  lastDay: '2026-11-05',
  breakfasts: '2',
  lunches: '',
  dinners: '1',
})

describe('a drive by its page', () => {
  test('is worked out when it is saved, and submitted as it stands', async () => {
    const { id, own } = await start('mileage')
    const blank = (await pages.get(own)).body
    expect(blank).toContain('Distance in miles')
    expect(blank).not.toMatch(/name="amount"|There is no receipt/)
    const saved = await pages.post(own, { ...drive(), action: 'save' })
    expect(saved.headers.location).toBe(`${own}?saved=1`)
    const page = (await pages.get(own)).body.replaceAll('\u00a0', ' ')
    expect(page).toContain('<p class="amount">USD 156.24</p>')
    expect(page).toContain('215.5 mi at USD 0.725 a mile; Private car')
    expect((await pages.post(own, { ...drive(), action: 'submit' })).statusCode).toBe(303)
    expect(await view(id)).toMatchObject({ status: 'awaiting_approval', amount: { minor: 15624 } })
  })

  test('needs no category where its rate has one; a mistake elsewhere is not one there', async () => {
    const { id, own } = await start('mileage')
    expect((await pages.get(own)).body).toContain('Category (optional)')
    const far = await pages.post(own, { ...drive(), category: '', distance: '1000000', action: 'submit' })
    expect(fieldsIn(far)).toEqual(['distance'])
    expect(far.body).toContain('Please give at most 10,000')
    expect(far.body).not.toContain('Please fill in')
    const nextDay = { ...drive(), date: '2026-11-04', category: '' }
    expect((await pages.post(own, { ...nextDay, action: 'submit' })).statusCode).toBe(303)
    expect(await view(id)).toMatchObject({ status: 'awaiting_approval', category: { id: travel } })
  })

  test('says at each field what is missing, and loses nothing', async () => {
    const { id, own } = await start('mileage')
    const refused = await pages.post(own, { ...drive(), from: '', distance: 'far', action: 'submit' })
    expect(refused.statusCode).toBe(422)
    expect(fieldsIn(refused)).toEqual(['from', 'distance'])
    expect(refused.body).toContain('value="New York"')
    expect(await pages.statusOf(id)).toBe('draft')
  })

  test('half filled in it is not kept in silence: what is missing is said', async () => {
    const { own } = await start('mileage')
    const refused = await pages.post(own, { from: 'Boston', action: 'save' })
    expect(refused.statusCode).toBe(422)
    expect(fieldsIn(refused)).toContain('distance')
    expect(refused.body).toContain('value="Boston"')
  })
})

describe('days away by their page', () => {
  test('are worked out by day, with what was provided taken off', async () => {
    const { id, own } = await start('per_diem')
    await pages.post(own, { ...stay(), category: travel, action: 'submit' })
    // Two travel days and a full one, less two breakfasts and a dinner.
    expect(await view(id)).toMatchObject({ status: 'awaiting_approval', amount: { minor: 17000 - 6000 } })
    expect((await pages.get(own)).body.replaceAll('\u00a0', ' ')).toContain(
      'USD 60.00 off for 2 breakfasts and 1 dinner provided',
    )
  })

  test('the wrong way round are refused at their field', async () => {
    const { own } = await start('per_diem')
    const typed = { ...stay(), lastDay: '2026-11-01', category: travel }
    const refused = await pages.post(own, { ...typed, action: 'submit' })
    expect(refused.statusCode).toBe(422)
    expect(fieldsIn(refused)).toEqual(['lastDay'])
  })
})

describe('a split by its page', () => {
  const parts = () => ({
    'shares.0.categoryId': meals,
    'shares.0.costCentre': '4100',
    'shares.0.amount': '7.00',
    'shares.2.categoryId': travel,
    'shares.2.costCentre': '',
  })

  test('is kept when the parts add up, shown again, and taken away by clearing its rows', async () => {
    const { id, own, form } = await pages.draft()
    const rest = (Number(form.amount) - 7).toFixed(2)
    await pages.post(own, { ...form, ...parts(), 'shares.2.amount': rest, action: 'save' })
    expect(await view(id)).toMatchObject({
      shares: [
        { category: { name: 'Meals' }, costCentre: { code: '4100' } },
        { category: { id: travel }, costCentre: null },
      ],
    })
    const page = (await pages.get(own)).body
    expect(page).toMatch(/name="shares\.1\.amount" value="[\d.]+"/)
    const cleared = Object.fromEntries(
      ['0', '1'].flatMap((row) =>
        ['categoryId', 'costCentre', 'amount'].map((column) => [`shares.${row}.${column}`, '']),
      ),
    )
    await pages.post(own, { ...form, ...cleared, action: 'save' })
    expect(await view(id)).toMatchObject({ shares: [], category: { id: form.category } })
  })

  test('that does not add up says by how much; a mistake in a part is said at the row that shows it', async () => {
    const { id, own, form } = await pages.draft()
    const off = await pages.post(own, { ...form, ...parts(), 'shares.2.amount': '1.00', action: 'submit' })
    expect(off.statusCode).toBe(422)
    expect(fieldsIn(off)).toEqual(['shares'])
    expect(off.body).toMatch(/is missing/)
    const wrong = await pages.post(own, { ...form, ...parts(), 'shares.2.amount': 'ten', action: 'submit' })
    const [field] = fieldsIn(wrong)
    expect(field).toBe('shares.1.amount')
    expect(wrong.body).toMatch(/id="shares\.1\.amount"[^>]*aria-invalid="true" value="ten"/)
    expect(await pages.statusOf(id)).toBe('draft')
  })
})

describe('a cost centre that was closed', () => {
  const setActive = (active: boolean) =>
    pages.database.asSuperuser(`update cost_centre set active = $1 where code = '4100'`, [active])

  test('stays until another one is chosen, and cannot be chosen anew', async () => {
    const { id, own, form } = await pages.draft()
    await pages.post(own, { ...form, costCentre: '4100', action: 'save' })
    await setActive(false)
    try {
      expect((await pages.get(own)).body).toMatch(/<option value="4100" selected>4100 [^<]+ \(closed\)</)
      expect((await pages.post(own, { ...form, costCentre: '4100', action: 'save' })).statusCode).toBe(303)
      expect(await view(id)).toMatchObject({ costCentre: { code: '4100' } })
      await pages.post(own, { ...form, costCentre: '', action: 'save' })
      expect(await view(id)).toMatchObject({ costCentre: null })
      expect((await pages.get(own)).body).not.toContain('(closed)')
      const anew = await pages.post(own, { ...form, costCentre: '4100', action: 'save' })
      expect(fieldsIn(anew)).toEqual(['costCentre'])
    } finally {
      await setActive(true)
    }
  })
})

describe('a request to spend by its page', () => {
  test('sent back and overtaken by its day says so at the date', async () => {
    const { id, own } = await start('request')
    const wish = { merchant: 'Lunch', amount: '40.00', currency: 'USD', date: '2026-11-20', category: meals }
    await pages.post(own, { ...wish, action: 'save' })
    await pages.database.asSuperuser(`update expense set date = '2026-11-18' where id = $1`, [id])
    const late = await pages.post(own, { ...wish, date: '2026-11-18', action: 'submit' })
    expect(fieldsIn(late)).toEqual(['date'])
    expect(late.body).toContain('This is for money that is not spent yet.')
    expect((await pages.post(own, { ...wish, action: 'submit' })).statusCode).toBe(303)
  })

  test('is approved, chosen on an expense, and given back', async () => {
    const { id, own } = await start('request')
    const wish = {
      merchant: 'Team lunch',
      amount: '40.00',
      currency: 'USD',
      date: '2026-12-01',
      category: meals,
    }
    expect((await pages.post(own, { ...wish, action: 'submit' })).statusCode).toBe(303)
    const request = await view(id)
    const approver = request?.steps[0]?.approvers[0]
    const theirs = await pages.linkTo('approval', 'frank.miller@techcorp.example', approver?.approvalId ?? '')
    expect((await pages.get(theirs)).body).toContain('Grace Taylor asks for your approval to spend')
    await pages.post(theirs, { decision: 'approve' })
    expect((await pages.get(own)).body).toContain('<h1>Approved: you may spend it</h1>')

    const expense = await pages.draft()
    expect((await pages.get(expense.own)).body).toContain(`${request?.number}, Team lunch`)
    await pages.post(expense.own, { ...expense.form, requestId: id, action: 'submit' })
    expect((await pages.get(expense.own)).body).toContain(`${request?.number}, Team lunch`)
    expect((await pages.get(own)).body).toContain('Used so far')

    expect((await pages.post(own, { action: 'close' })).statusCode).toBe(303)
    expect((await pages.get(own)).body).toContain('<h1>Closed</h1>')
    const next = await pages.draft()
    expect((await pages.get(next.own)).body).not.toContain(`${request?.number}`)
  })
})
