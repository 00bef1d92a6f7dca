import type { InputBlock, ModalView } from '@slack/types'
import { describe, expect, test } from 'vitest'
import type { ExpenseView } from '../../../src/features/expenses/index.ts'
import { approvalCard } from '../../../templates/slack/approval-card.ts'
import { decisionModal } from '../../../templates/slack/decision-modals.ts'
import { detailsModal } from '../../../templates/slack/details-modal.ts'
import { editModal, startModal } from '../../../templates/slack/edit-modal.ts'
import { expenseMessage } from '../../../templates/slack/expense-message.ts'
import { noneId } from '../../../templates/slack/form-inputs.ts'
import { type Split, splitAsItIs } from '../../../templates/slack/split-fields.ts'
import { approvalId, at, buttons, choices, draft, expense, readByFrank, words } from './example-view.ts'

const usd = (minor: number) => ({ minor, currency: 'USD' })
const mileage: Partial<ExpenseView> = {
  kind: 'mileage',
  merchant: 'Office – Airport',
  amount: usd(3081),
  receipts: [],
  calculation: {
    kind: 'mileage',
    rateKey: 'car',
    rateName: 'Private car',
    from: 'Office',
    to: 'Airport',
    distance: '42.5',
    unit: 'mi',
    rate: '0.725',
  },
}
const perDiem: Partial<ExpenseView> = {
  kind: 'per_diem',
  merchant: 'United States',
  amount: usd(11_000),
  receipts: [],
  calculation: {
    kind: 'per_diem',
    rateKey: 'domestic',
    rateName: 'United States',
    firstDay: '2026-02-03',
    lastDay: '2026-02-05',
    provided: { breakfast: 2, lunch: 0, dinner: 1 },
    days: ['2026-02-03', '2026-02-04', '2026-02-05'].map((date) => ({
      date,
      kind: 'full',
      minor: 5667,
      meals: [],
      mealsMinor: 0,
    })),
    mealsMinor: 6000,
  },
}
const request: Partial<ExpenseView> = {
  kind: 'request',
  number: 'REQ-2026-0007',
  merchant: 'Offsite',
  amount: usd(40_000),
  receipts: [],
  drawn: { used: usd(0), left: usd(40_000), expenses: [] },
}
const open = {
  id: 'q',
  number: 'REQ-2026-0007',
  merchant: 'Offsite',
  approved: usd(40_000),
  left: usd(28_000),
}
const split: Partial<ExpenseView> = {
  shares: [
    { category: { id: 'meals', name: 'Meals' }, costCentre: null, amount: usd(1000), companyAmount: null },
    {
      category: { id: 'travel', name: 'Travel' },
      costCentre: { code: '4200', name: 'Customers' },
      amount: usd(250),
      companyAmount: null,
    },
  ],
}

const inputs = (view: ModalView) => view.blocks.filter((block): block is InputBlock => block.type === 'input')
const names = (view: ModalView) => inputs(view).map(({ block_id }) => block_id)
const input = (view: ModalView, name: string) => inputs(view).find(({ block_id }) => block_id === name)
const edit = (change: Partial<ExpenseView>, given = choices(), parts: Split | null = null) =>
  editModal({
    expense: draft(change),
    choices: given,
    today: '2026-11-20',
    split: parts,
    preview: null,
    thenSubmit: false,
  })

describe('what it is stands in the words of its kind', () => {
  test('a drive with how it was worked out', () => {
    const shown = words(expenseMessage(draft(mileage)))
    expect(shown).toContain('EXP-2026-0042: your mileage.')
    expect(shown).toMatch(
      /\*Drive\*\nOffice – Airport\n\*Amount\*\nUSD 30\.81\n\*Distance\*\n42\.5 mi × USD 0\.725/,
    )
    expect(shown).not.toMatch(/receipt|Merchant/)
  })

  test('days away with the meals that are taken off', () => {
    const shown = words(expenseMessage(draft(perDiem)))
    expect(shown).toContain('*Days*\nFeb 3, 2026 to Feb 5, 2026 (3 days)')
    expect(shown).toContain(
      '*Worked out*\n3 full days × USD 56.67, less USD 60.00 for 2 breakfasts and 1 dinner',
    )
  })

  test('days away at the rates of travel days and full days, in the approver’s card, too', () => {
    const day = (kind: 'full' | 'travel', minor: number) => ({
      date: '2026-02-03',
      kind,
      minor,
      meals: [],
      mealsMinor: 0,
    })
    const calculation: ExpenseView['calculation'] = {
      kind: 'per_diem',
      rateKey: 'domestic',
      rateName: 'United States',
      firstDay: '2026-02-03',
      lastDay: '2026-02-05',
      provided: { breakfast: 2, lunch: 0, dinner: 0 },
      mealsMinor: 3200,
      days: [day('travel', 5100), day('full', 6800), day('travel', 5100)],
    }
    const card = approvalCard({ ...readByFrank, expense: expense({ ...perDiem, calculation }) })
    expect(words(card)).toContain(
      '*Worked out*\n2 travel days × USD 51.00, 1 full day × USD 68.00, less USD 32.00 for 2 breakfasts',
    )
  })

  test('a request to spend, in the approver’s card, too', () => {
    expect(words(expenseMessage(draft(request)))).toMatch(/your request to spend.*\n\*What for\*\nOffsite/)
    const card = approvalCard({ ...readByFrank, expense: expense(request) })
    expect(card.text).toMatch(/^Grace Taylor asks to spend: REQ-2026-0007/)
    expect(words(card)).not.toMatch(/Paid by|There is no receipt/)
  })

  test('a missing receipt is said of what needs one only', () => {
    const shown = (view: Partial<ExpenseView>) =>
      words(approvalCard({ ...readByFrank, expense: expense({ ...view, receipts: [] }) }))
    expect(shown({})).toContain('There is no receipt.')
    expect(shown(mileage)).not.toContain('There is no receipt.')
    expect(shown(mileage)).toContain('Grace Taylor asks for your approval of mileage')
  })

  test('the parts of a split, in place of the one category', () => {
    for (const shown of [
      words(expenseMessage(draft(split))),
      words(approvalCard({ ...readByFrank, expense: expense(split) })),
    ]) {
      expect(shown).toContain('*Split*\n• USD 10.00  Meals\n• USD 2.50  Travel, 4200 Customers')
      expect(shown).not.toContain('*Category*')
    }
  })

  test('cost centre and request that it draws on', () => {
    const shown = words(
      expenseMessage(draft({ costCentre: { code: '4100', name: 'Engineering' }, request: open })),
    )
    expect(shown).toContain('*Cost centre*\n4100 Engineering')
    expect(shown).toContain('*Request to spend*\nREQ-2026-0007, Offsite')
  })
})

describe('an approved request to spend', () => {
  const approved = (change: Partial<ExpenseView> = {}) =>
    expenseMessage(expense({ ...request, status: 'approved', requestStatus: 'approved', ...change }))
  const spent = { id: 'e', number: 'EXP-2026-0050', amount: usd(12_000), status: 'approved' as const }

  test('says what to do with it and what is left, mentions no statement, and can be given back', () => {
    const shown = approved({ drawn: { used: usd(12_000), left: usd(28_000), expenses: [spent] } })
    expect(shown.text).toContain('Choose it in the form of each expense that you spend under it.')
    expect(words(shown)).toMatch(/\*Spent\*\nUSD 120\.00\n\*Left\*\nUSD 280\.00/)
    expect(words(shown)).toContain('• EXP-2026-0050  USD 120.00, approved')
    expect(words(shown)).not.toContain('statement')
    expect(buttons(shown)).toEqual(['request.close'])
    expect(JSON.stringify(shown.blocks)).toContain('of REQ-2026-0007 can no longer be spent')
  })

  test('of many expenses under it the form names the first, and says how many more there are', () => {
    const expenses = Array.from({ length: 23 }, (_, i) => ({ ...spent, number: `EXP-2026-${100 + i}` }))
    const form = (count: number) =>
      words(
        detailsModal(
          expense({ ...request, drawn: { used: usd(1), left: usd(1), expenses: expenses.slice(0, count) } }),
        ),
      )
    expect(form(23)).toMatch(/• EXP-2026-119 .*\nand 3 more/)
    expect(form(20)).not.toContain('more')
  })

  test('given back, it says so; a draft that was discarded says that', () => {
    expect(words(approved({ status: 'cancelled' }))).toContain('REQ-2026-0007 is closed.')
    expect(words(expenseMessage(draft({ ...request, status: 'cancelled' })))).toContain('was discarded')
  })
})

describe('the form by kind', () => {
  const rates = {
    mileage: [{ key: 'car', name: 'Private car', unit: 'mi' as const, rate: '0.725' }],
    perDiem: [
      {
        key: 'domestic',
        name: 'United States',
        fullDay: usd(6800),
        travelDay: usd(5100),
        breakfast: null,
        lunch: null,
        dinner: null,
      },
    ],
  }
  const start = (kind: 'request' | 'mileage' | 'per_diem', given = choices({ rates })) =>
    startModal({
      kind,
      choices: given,
      company: { currency: 'USD', locale: 'en-US' },
      today: '2026-11-20',
      split: null,
      preview: null,
    })

  test('of a drive asks for the way, in the unit of the rate, and is filled in when it is changed', () => {
    const first = ['from', 'to', 'distance', 'rateKey', 'date', 'category']
    expect(names(start('mileage')).slice(0, 6)).toEqual(first)
    expect(input(start('mileage'), 'distance')?.label.text).toBe('Distance in miles')
    expect(input(start('mileage'), 'rateKey')?.element).toMatchObject({ initial_option: { value: 'car' } })
    const again = edit(mileage, choices({ rates }))
    expect(names(again).slice(0, 6)).toEqual(first)
    expect(input(again, 'distance')?.element).toMatchObject({ initial_value: '42.5' })
  })

  test('of days away asks for days and meals', () => {
    expect(names(start('per_diem')).slice(0, 6)).toEqual([
      'rateKey',
      'firstDay',
      'lastDay',
      'breakfasts',
      'lunches',
      'dinners',
    ])
    expect(JSON.stringify(input(start('per_diem'), 'rateKey')).replaceAll('\u00a0', ' ')).toContain(
      '"United States: USD 68.00 a day, USD 51.00 a travel day"',
    )
    const again = edit(perDiem, choices({ rates }))
    expect(input(again, 'breakfasts')?.element).toMatchObject({ initial_value: '2' })
    expect(input(again, 'firstDay')?.element).toMatchObject({ initial_date: '2026-02-03' })
  })

  test('leaves the category to the rate where there is one', () => {
    expect(input(start('mileage'), 'category')?.optional).toBe(true)
    expect(input(start('request'), 'category')?.optional).toBe(false)
    expect(input(edit(mileage), 'category')?.optional).toBe(false)
  })

  test('keeps a rate that is offered no more', () => {
    expect(input(edit(mileage), 'rateKey')?.element).toMatchObject({
      options: [{ value: 'car', text: { text: 'Private car' } }],
      initial_option: { value: 'car' },
    })
  })

  test('asks for cost centre and request only where there are some, with what is left of it', () => {
    expect(names(edit({}))).not.toEqual(expect.arrayContaining(['costCentre']))
    const given = choices({ costCentres: [{ code: '4100', name: 'Engineering' }], requests: [open] })
    expect(input(edit({}, given), 'costCentre')?.element).toMatchObject({
      options: [{ value: noneId }, { value: '4100', text: { text: '4100 Engineering' } }],
      placeholder: { text: 'Choose one' },
    })
    expect(input(edit({}, given), 'costCentre')?.element).not.toHaveProperty('initial_option')
    expect(input(edit({}, given), 'requestId')?.element).not.toHaveProperty('initial_option')
    expect(words(edit({}, given)).replaceAll('\u00a0', ' ')).toContain(
      'REQ-2026-0007  ·  USD 280.00 left  ·  Offsite',
    )
    expect(names(start('request', given))).not.toContain('requestId')
    expect(input(edit({ request: { ...open, left: usd(1) } }, given), 'requestId')?.element).toMatchObject({
      options: [{ value: noneId }, { value: 'q', text: { text: expect.stringContaining('0.01 left') } }],
      initial_option: { value: 'q' },
    })
  })

  test('tells a cost centre called “none” from none at all', () => {
    const given = choices({ costCentres: [{ code: 'none', name: 'Nobody' }] })
    const { element } =
      input(edit({ costCentre: { code: 'none', name: 'Nobody' } }, given), 'costCentre') ?? {}
    expect(element).toMatchObject({ initial_option: { value: 'none', text: { text: 'none Nobody' } } })
    expect(JSON.stringify(input(edit({}, given), 'costCentre')?.element)).toContain(`"value":"${noneId}"`)
    expect(noneId.length).toBeGreaterThan(40)
  })

  test('lets more categories than a menu holds be searched', () => {
    const categories = Array.from({ length: 150 }, (_, i) => ({ id: `${i}`, name: `Category ${i}` }))
    const given = edit({ category: { id: '149', name: 'Category 149' } }, choices({ categories }))
    expect(input(given, 'category')?.element).toMatchObject({
      type: 'external_select',
      initial_option: { value: '149' },
    })
  })

  test('lets many cost centres be searched', () => {
    const costCentres = Array.from({ length: 150 }, (_, i) => ({ code: `${i}`, name: `Centre ${i}` }))
    const given = edit({ costCentre: { code: '149', name: 'Centre 149' } }, choices({ costCentres }))
    expect(input(given, 'costCentre')?.element).toMatchObject({
      type: 'external_select',
      initial_option: { value: '149', text: { text: '149 Centre 149' } },
    })
  })
})

describe('the split form', () => {
  const left = (view: ModalView) => {
    const block = view.blocks.find(({ block_id }) => block_id === 'split_left')
    return words({ blocks: block ? [block] : [] })
  }
  const given = (change: Partial<Split>): Split => ({
    parts: 2,
    first: {},
    total: usd(1250),
    typed: [],
    ...change,
  })

  test('shows a row for each part as it is', () => {
    const view = edit(split, choices(), splitAsItIs(draft(split)))
    expect(names(view)).not.toContain('category')
    expect(input(view, 'shares.0.categoryId')?.element).toMatchObject({ initial_option: { value: 'meals' } })
    expect(input(view, 'shares.1.amount')?.element).toMatchObject({ initial_value: '2.50' })
    expect(input(view, 'shares.1.costCentre')?.element).toMatchObject({ initial_option: { value: '4200' } })
    expect(left(view)).toBe(':white_check_mark: The parts add up to *USD 12.50*.')
    expect(buttons(view)).toEqual(['split.add', 'split.end'])
  })

  test('begins with what was chosen for the whole', () => {
    const view = edit({}, choices(), given({ first: { categoryId: 'travel' } }))
    expect(input(view, 'shares.0.categoryId')?.element).toMatchObject({ initial_option: { value: 'travel' } })
    expect(input(view, 'shares.1.categoryId')?.element).not.toHaveProperty('initial_option')
  })

  test.each([
    [['10.00'], '*USD 2.50* of USD 12.50 is left.'],
    [['10.00', '2,50'], ':white_check_mark: The parts add up to *USD 12.50*.'],
    [['10.00', '', '3'], ':warning: The parts are *USD 0.50* more than USD 12.50.'],
    [['ten'], 'The parts must add up to *USD 12.50*. One of them is not an amount.'],
  ])('says of %j how much is left', (typed, sentence) => {
    expect(left(edit({}, choices(), given({ typed })))).toBe(sentence)
  })

  test('is offered as soon as there is an amount to split', () => {
    const offered = (amount: ReturnType<typeof usd> | null) => {
      const preview = { ...draft({ amount }), problems: {}, isHalfSplit: false, hasUnread: false }
      const form = { choices: choices(), today: '2026-11-20', split: null, preview }
      return [
        editModal({ ...form, expense: draft({ amount }), thenSubmit: false }),
        startModal({ ...form, kind: 'receipt', company: { currency: 'USD', locale: 'en-US' } }),
      ].map((view) => buttons(view).includes('split.begin'))
    }
    expect([offered(null), offered(usd(1250))]).toEqual([
      [false, false],
      [true, true],
    ])
  })

  test('asks for the whole first', () => {
    expect(left(edit({}, choices(), given({ total: null })))).toBe('Fill in the amount above first.')
  })

  test('has at most twenty rows', () => {
    const view = edit({}, choices(), given({ parts: 20 }))
    expect(names(view)).toContain('shares.19.amount')
    expect(buttons(view)).not.toContain('split.add')
  })
})

describe('a decision about a large amount', () => {
  const form = (via: 'email' | 'slack' | 'app', verdict: 'approve' | 'reject' = 'approve') => {
    const code = { via, to: 'f…@techcorp.example', expiresAt: at }
    return decisionModal({ expense: expense(), approvalId, verdict, code })
  }

  test('asks for another code in another input: the mistake about the first does not stand at it', () => {
    const code = { via: 'email' as const, to: 'f…@techcorp.example', expiresAt: at }
    const again = decisionModal({ expense: expense(), approvalId, verdict: 'reject', code, resent: 2 })
    expect(names(again)).toEqual(['comment', 'code_2'])
    expect(JSON.parse(again.private_metadata ?? '')).toMatchObject({ resent: 2 })
  })

  test('asks for the code and says where it was sent and how long it is good', () => {
    expect(names(form('email'))).toEqual(['code'])
    expect(form('email').submit?.text).toBe('Approve')
    expect(words(form('email'))).toMatch(/We sent a code to f…@techcorp\.example\. It is good until <!date/)
    expect(buttons(form('email'))).toEqual(['approval.new_code'])
    expect(words(form('email'))).toContain('Not there after a minute? A new one takes its place.')
  })

  test('sends nothing to somebody with an app', () => {
    expect(words(form('app'))).toContain('the code that your authenticator app shows now')
    expect(buttons(form('app'))).toEqual([])
  })

  test('asks for the reason in the same form', () => {
    expect(names(form('email', 'reject'))).toEqual(['comment', 'code'])
  })
})
