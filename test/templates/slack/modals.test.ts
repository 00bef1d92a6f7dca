import type { InputBlock, ModalView } from '@slack/types'
import { describe, expect, test } from 'vitest'
import type { WaitingExpense } from '../../../src/features/expenses/index.ts'
import { detailsToDecide } from '../../../templates/slack/decide-in-details.ts'
import { answerModal, decisionModal } from '../../../templates/slack/decision-modals.ts'
import { detailsModal } from '../../../templates/slack/details-modal.ts'
import { editModal, startModal } from '../../../templates/slack/edit-modal.ts'
import type { FormPreview } from '../../../templates/slack/preview-blocks.ts'
import {
  approvingModal,
  labelOf,
  severalDoneModal,
  severalModal,
} from '../../../templates/slack/several-modal.ts'
import { twinModal } from '../../../templates/slack/twin-modal.ts'
import { wordsOf } from '../../../templates/slack/words/index.ts'
import {
  approvalId,
  at,
  choices,
  comment,
  discussed,
  draft,
  expense,
  finding,
  happened,
  step,
  words,
} from './example-view.ts'

const inputs = (view: ModalView) => view.blocks.filter((block): block is InputBlock => block.type === 'input')
const input = (view: ModalView, blockId: string) => inputs(view).find(({ block_id }) => block_id === blockId)

describe('the form of an expense', () => {
  const reasons = [{ id: 'client', name: 'Client meeting' }]
  const form = (change: Parameters<typeof draft>[0] = {}, given = reasons, thenSubmit = false) =>
    editModal({
      expense: draft(change),
      choices: choices({ reasons: given }),
      today: '2026-11-20',
      split: null,
      preview: { ...draft(change), problems: {}, isHalfSplit: false, hasUnread: false },
      thenSubmit,
    })
  const formSaying = (preview: Partial<FormPreview>) =>
    editModal({
      expense: draft(),
      choices: choices(),
      today: '2026-11-20',
      split: null,
      preview: { ...draft(), problems: {}, isHalfSplit: false, hasUnread: false, ...preview },
      thenSubmit: false,
    })

  test('is named after the expense and asks for everything that can be said about it', () => {
    expect(form().title.text).toBe('Edit EXP-2026-0042')
    expect(inputs(form()).map(({ block_id }) => block_id)).toEqual([
      'merchant',
      'amount',
      'currency',
      'date',
      'category',
      'reason',
      'attendees',
      'note',
    ])
  })

  test('chooses no reason beforehand, and the reason that was chosen before', () => {
    const element = (view: ModalView) => input(view, 'reason')?.element
    expect(element(form())).toMatchObject({ type: 'external_select', placeholder: { text: 'Choose one' } })
    expect(element(form())).not.toHaveProperty('initial_option')
    expect(element(form({ reason: { id: 'client', name: 'Client meeting' } }))).toMatchObject({
      initial_option: { value: 'client' },
    })
  })

  test('asks for no reason in a company that has none', () => {
    expect(input(form({}, []), 'reason')).toBeUndefined()
  })

  test('takes attendees as names with commas', () => {
    expect(input(form({ attendees: ['Ann Lee', 'Bob Ray'] }), 'attendees')?.element).toMatchObject({
      initial_value: 'Ann Lee, Bob Ray',
    })
  })

  test.each(['merchant', 'amount', 'currency', 'date'] as const)('points out an uncertain %s', (field) => {
    const doubtful = input(form({ uncertain: [field] }), field)
    expect(doubtful?.label.text).toMatch(/ \(please check\)$/)
    expect(doubtful?.hint?.text).toContain('not sure')
    expect(input(form(), field)?.hint).toBeUndefined()
  })

  test('speaks of no receipt and of no reading at the date of what was typed', () => {
    const typed = input(form({ uncertain: ['date'], receipts: [] }), 'date')
    expect(typed?.label.text).toBe('Date (please check)')
    expect(typed?.hint?.text).toBe('You gave no exact date; I took this one.')
    expect(input(form({ receipts: [] }), 'date')?.hint).toBeUndefined()
  })

  test('chooses no category for anybody that is in doubt, and says which it may be', () => {
    const doubtful = input(form({ uncertain: ['category'] }), 'category')
    expect(doubtful?.hint?.text).toBe('Perhaps Meals? Please choose.')
    expect(doubtful?.element).not.toHaveProperty('initial_option')
    expect(input(form(), 'category')?.element).toMatchObject({ initial_option: { value: 'meals' } })
  })

  test('hears of what is typed as it is typed', () => {
    const typed = inputs(form()).filter(({ element }) => element.type === 'plain_text_input')
    const told = typed.filter(({ dispatch_action }) => dispatch_action)
    expect(told.map(({ block_id }) => block_id)).toEqual(['merchant', 'amount', 'attendees'])
    for (const { element } of told) {
      expect(element).toMatchObject({
        dispatch_action_config: { trigger_actions_on: ['on_character_entered'] },
      })
    }
  })

  test('asks whether it is another one than what it looks like, and to submit it needs the answer', () => {
    const one = { id: 'one', number: 'EXP-2026-0001', differs: false }
    const two = { id: 'two', number: 'EXP-2026-0002', differs: true }
    const asked = (looksLike: (typeof one)[], thenSubmit = false) =>
      input(form({ looksLike }, reasons, thenSubmit), 'differsFrom')
    expect(asked([])).toBeUndefined()
    expect(asked([one, two])).toMatchObject({
      label: { text: 'Is it the same as EXP-2026-0001 or EXP-2026-0002?' },
      optional: true,
      element: { options: [{ value: 'one two', text: { text: 'No, it is another one' } }] },
    })
    expect(asked([one], true)?.optional).toBe(false)
    expect(asked([one, two])?.element).not.toHaveProperty('initial_options')
    expect(asked([two])?.element).toMatchObject({ initial_options: [{ value: 'two' }] })
  })

  test('says what it takes to know who approves it', () => {
    const plan = (preview: Partial<FormPreview>) => {
      const block = formSaying(preview).blocks.find(({ block_id }) => block_id === 'plan')
      return block ? words({ blocks: [block] }) : ''
    }
    expect(plan({})).toBe(':bust_in_silhouette: Frank Miller will approve.')
    const problems = { date: 'This date is in the future.' }
    expect(plan({ problems })).toBe(
      ':pencil2: Please correct what is marked :warning:, then I can say who approves it.',
    )
    expect(plan({ problems, isRefused: true })).toMatch(/^:warning: \*Not saved yet\.\*/)
    expect(plan({ isHalfSplit: true })).toBe(
      ':pencil2: Once the parts are filled in, I can say who approves it.',
    )
    // A form always has a currency chosen.
    expect(plan({ missing: ['merchant', 'amount', 'currency'] })).toBe(
      ':pencil2: Still to fill in: the merchant and the amount.',
    )
    expect(plan({ missing: ['currency'] })).toBe(':pencil2: Still to fill in: the amount.')
  })

  test('says at the top what stands against it, the gravest first, and nothing that does not', () => {
    const findings = [finding('info', 'fine'), finding('warning', 'odd'), finding('blocking', 'forbidden')]
    const [first] = form({ findings }).blocks
    expect(words({ blocks: [first] })).toMatch(/^:no_entry: forbidden\n:warning: odd$/)
    expect(form().blocks[0]?.block_id).toBe('plan')
    expect(words({ blocks: form().blocks.slice(0, 1) })).toBe(
      ':bust_in_silhouette: Frank Miller will approve.',
    )
  })
})

describe('the form of a new expense', () => {
  test('says of each field that it may stay empty what becomes of it, and offers nothing to split yet', () => {
    const view = startModal({
      kind: 'receipt',
      company: { currency: 'USD', locale: 'en-US' },
      choices: choices(),
      today: '2026-11-20',
      split: null,
      preview: null,
    })
    for (const field of ['merchant', 'amount', 'date', 'category']) {
      expect(input(view, field)).toMatchObject({
        optional: true,
        hint: { text: 'Empty: read from the receipt.' },
      })
    }
    expect(JSON.stringify(view.blocks)).not.toContain('split.begin')
  })
})

describe('the forms of an approver', () => {
  test.each([
    ['reject', 'Reject EXP-2026-0042', 'Reject'],
    ['send_back', 'Send back EXP-2026-0042', 'Send back'],
    ['ask', 'Ask about EXP-2026-0042', 'Ask'],
  ] as const)('%s says of what, and asks for words', (verdict, title, submit) => {
    const view = decisionModal({ expense: expense(), approvalId, verdict, code: null })
    expect([view.title.text, view.submit?.text]).toEqual([title, submit])
    expect(words(view)).toContain('*USD 12.50*, Corner Shop, from Grace Taylor')
    expect(JSON.parse(view.private_metadata ?? '')).toEqual({ approvalId, verdict, resent: 0 })
    expect(input(view, 'comment')?.element).toMatchObject({ max_length: 2000, multiline: true })
    expect(words(view)).toContain('Grace Taylor')
  })
})

describe('the form of an answer', () => {
  test('shows what was asked and who sees the answer', () => {
    const question = comment('question', 'Frank Miller', 'Which client?')
    const view = answerModal(discussed([question]), [question])
    expect(words(view)).toMatch(/\*Frank Miller asked\*.*\n>Which client\?/)
    expect(words(view)).toContain('Frank Miller sees this.')
    expect(JSON.parse(view.private_metadata ?? '')).toEqual({ expenseId: expense().id })
  })
})

test('of an expense that looks like another one facts, status and decisions are shown, not what people wrote', () => {
  const other = expense({
    note: 'private note',
    attendees: ['Ann Lee'],
    status: 'approved',
    requestStatus: 'approved',
    steps: [step({ approved: ['Frank Miller'] })],
    comments: [comment('comment', 'Grace Taylor', 'private remark')],
  })
  const shown = words(twinModal(other, false))
  expect(shown).toContain('*Submitted by*\nGrace Taylor')
  expect(shown).toContain('*Status*\napproved')
  expect(shown).toContain('approved by Frank Miller')
  expect(shown).not.toMatch(/private|Ann Lee/)
})

describe('the details', () => {
  test('say who is asked and why, what was said in full, and by which version it was judged', () => {
    const long = `${'word '.repeat(300)}end`
    const view = detailsModal(
      discussed([comment('question', 'Frank Miller', 'Why?'), comment('comment', 'Grace Taylor', long)], {
        reason: { id: 'r', name: 'Client meeting' },
        attendees: ['Ann Lee'],
        note: 'First\nsecond',
        findings: Array.from({ length: 12 }, (_, i) => finding('warning', `Remark ${i}`)),
        steps: [step({ asked: ['Frank Miller'] })],
        history: [happened('submitted', 'Grace Taylor')],
      }),
    )
    const shown = words(view)
    expect(shown).toContain(long)
    expect(shown).toContain('_because the policy asks for the level Manager_')
    expect(shown).toContain('Judged by “Meals”, version 1')
    expect(shown).toContain('Client meeting')
    expect(shown).toContain('Ann Lee')
    expect(shown).toContain('>First\n>second')
    expect(shown).toContain('Remark 11')
    expect(shown).toContain('submitted by Grace Taylor')
  })

  test('have what policy says, the gravest first, above the buttons that decide', () => {
    const asked = expense({
      findings: [finding('info', 'Fine.'), finding('warning', 'Seen before.')],
      steps: [step({ asked: ['Frank Miller'] })],
    })
    const view = detailsToDecide(asked, { approvalId, personId: 'frank', slackFileId: 'F1' })
    const ids = view.blocks.map(({ block_id }) => block_id ?? '').filter((id) => !id.startsWith('facts'))
    expect(ids.slice(0, 3)).toEqual(['findings', 'actions', 'receipt'])
    expect(words(view)).toMatch(/What policy says\*\n:warning: Seen before.\n• Fine./)
  })

  test('say how many older comments are left out', () => {
    const said = Array.from({ length: 45 }, (_, i) => comment('comment', 'Frank Miller', `Remark ${i}.`))
    expect(words(detailsModal(discussed(said)))).toContain('5 earlier comments are not shown.')
    expect(words(detailsModal(discussed(said)))).not.toContain('Remark 4.')
  })
})

describe('approving several', () => {
  const waiting = (count: number, change: Partial<WaitingExpense> = {}): WaitingExpense[] =>
    Array.from({ length: count }, (_, index) => ({
      approvalId: `approval-${index}`,
      expenseId: `expense-${index}`,
      number: `EXP-2026-${index}`,
      kind: 'receipt',
      merchant: 'Corner Shop',
      amount: { minor: 1250, currency: 'EUR' },
      companyAmount: { minor: 1300, currency: 'USD' },
      date: '2026-11-17',
      submitter: 'Grace Taylor',
      categories: ['Meals'],
      needsCode: false,
      warnings: 0,
      warned: [],
      uncertain: [],
      onBehalfOf: null,
      waitingSince: at,
      ...change,
    }))
  const form = (list: WaitingExpense[]) => severalModal({ waiting: list, locale: 'en-US' })
  const options = (view: ModalView) =>
    view.blocks.flatMap((block) =>
      block.type === 'actions' && 'elements' in block
        ? block.elements.flatMap((one) => (one.type === 'checkboxes' ? one.options : []))
        : [],
    )

  test('names each by amount, merchant, submitter and number, oldest first, and chooses none', () => {
    const view = form(waiting(2))
    expect(options(view).map(({ text }) => text.text.replaceAll('\u00a0', ' '))).toEqual([
      'EUR 12.50 (USD 13.00)  ·  Corner Shop',
      'EUR 12.50 (USD 13.00)  ·  Corner Shop',
    ])
    expect(options(view)[1]?.description?.text).toBe('Grace Taylor  ·  EXP-2026-1  ·  Nov 17, 2026  ·  Meals')
    expect(options(view).map(({ value }) => value)).toEqual(['approval-0', 'approval-1'])
    expect(JSON.stringify(view)).not.toContain('initial_options')
  })

  test('says below a row what stands out, the gravest of it, and offers the details of each', () => {
    const twin = 'Same merchant, date and amount as EXP-2026-0007 (Frank Miller, USD 12.50).'
    const warned = [finding('warning', twin)]
    const seen = waiting(1, { warnings: 2, warned, uncertain: ['date'] })
    const shown = words(form([...seen, ...waiting(1)]))
    expect(shown).toContain(`Shop\nDetails\n:warning: ${twin} (and 1 more)\n`)
    expect(shown).toMatch(/Shop\nDetails$/)
    const blocked = [...warned, finding('blocking', 'Nobody may decide it.')]
    expect(words(form(waiting(1, { warnings: 2, warned: blocked })))).toContain(
      ':warning: Nobody may decide it. (and 1 more)',
    )
    const unsure = words(form(waiting(1, { warnings: 1, uncertain: ['amount'] })))
    expect(unsure).toContain(':warning: Please check: the amount')
  })

  test('is told of afterwards in the words of its row', () => {
    const [chosen] = options(form(waiting(1)))
    const told = labelOf([chosen?.text.text ?? '', chosen?.description?.text ?? ''])
    expect(told).toMatch(/^EUR.*Corner Shop {2}· {2}Grace Taylor/)
  })

  test('names every category of what is split', () => {
    const [split] = options(form(waiting(1, { categories: ['Meals', 'Travel'] })))
    expect(split?.description?.text).toMatch(/Meals, Travel$/)
  })

  test('does not offer what needs a code, and says in a line that it is decided by its card', () => {
    const view = form(waiting(3).map((one, index) => ({ ...one, needsCode: index === 0 })))
    expect(options(view).map(({ value }) => value)).toEqual(['approval-1', 'approval-2'])
    expect(words(view)).toContain(
      ':lock: *These need a code*, so decide them in Home: EXP-2026-0 (EUR 12.50 (USD 13.00), Corner Shop).',
    )
    expect(view.submit?.text).toBe('Approve')
  })

  test('with nothing to choose has nothing to press', () => {
    const view = form(waiting(12, { needsCode: true }))
    expect([options(view), view.submit]).toEqual([[], undefined])
    expect(words(view)).toMatch(/EXP-2026-9 .* and 2 more\.$/)
    expect(words(view)).not.toContain('Tick what you approve')
  })

  test('shows as many as a form has room for, and says when there are more', () => {
    const warned = [finding('warning', 'There is no receipt.')]
    const full = form(waiting(45, { warnings: 1, warned }))
    expect(options(full)).toHaveLength(45)
    expect(full.blocks.length).toBeLessThan(100)
    expect(words(full)).not.toContain('More are waiting')
    expect(options(form(waiting(46)))).toHaveLength(45)
    expect(words(form(waiting(46)))).toContain('These are the 45 oldest. More are waiting')
  })

  test('says meanwhile that it is being done, and then what became of each', () => {
    expect(words(approvingModal(3, { externalId: 'several-1', words: wordsOf('en') }))).toContain(
      'Approving 3 expenses…',
    )
    const shown = words(
      severalDoneModal(
        [
          { label: 'USD 1.00 · A', problem: null },
          { label: 'USD 2.00 · B', problem: 'Eve Davis already approved this.' },
        ],
        wordsOf('en'),
      ),
    )
    expect(shown).toMatch(/\*1 not approved\*\n• USD 2.00 · B\n\s+_Eve Davis already approved this\._/)
    expect(shown).toMatch(/\*1 approved\*\n• USD 1.00 · A$/)
  })
})
